/** What a browser that enforces Trusted Types offers; the types of pages don't know it yet. */
type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): {
    /** An object, really; whoever takes addresses of scripts takes it for a text. */
    createScriptURL(text: string): string
  }
}

const address = '/sw.js'

/**
 * Where the service worker is. The server lets our pages make scripts of nothing but what a policy named `matchday`
 * gives out, and this is the only thing that it does.
 */
export function serviceWorkerAddress(): string {
  const types: TrustedTypes | undefined = Reflect.get(globalThis, 'trustedTypes')
  if (types === undefined) return address
  const policy = types.createPolicy('matchday', {
    createScriptURL: (text) => {
      if (text !== address) throw new TypeError(`not a script of ours: ${text}`)
      return text
    },
  })
  return policy.createScriptURL(address)
}
