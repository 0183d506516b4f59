import { generateTokenKey, publicTokenKey } from '@matchday/kernel'

/** Prints a new pair of keys, as lines for a file of environment variables. */
export async function makeTokenKey(): Promise<number> {
  const key = await generateTokenKey()
  process.stdout.write(
    `# For services, which sign. A secret: whoever has it can be anybody.
MATCHDAY_TOKEN_KEY=${JSON.stringify(key)}
# For gateways, which only check.
MATCHDAY_TOKEN_PUBLIC_KEY=${JSON.stringify(publicTokenKey(key))}
`,
  )
  return 0
}
