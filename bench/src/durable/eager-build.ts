import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** In `packages/kernel/src/bus/nats/link.ts`; that there is no such switch in Matchday is on purpose. */
const perTurn = 'process.nextTick(() => this.flush())'
const atOnce = 'this.flush()'
const target = fileURLToPath(new URL('../../.cache/eager.mjs', import.meta.url))

/**
 * The same build, but that what goes to the broker is given to its library at once instead of at the end of the turn;
 * null when that line is not to be found.
 */
export async function eagerBuild(bundle: string): Promise<string | null> {
  const parts = (await readFile(bundle, 'utf8')).split(perTurn)
  if (parts.length !== 2) return null
  await mkdir(new URL('.', `file://${target}`), { recursive: true })
  await writeFile(target, parts.join(atOnce))
  return target
}
