import type { Caller } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import type { Lab, OwnOperation } from './lab.ts'

class Undone extends Error {}

/** How a request would end: `ok` or a code. Nothing that it does is kept. */
export async function dryRun(
  lab: Lab,
  name: OwnOperation,
  input: JsonObject,
  caller: Caller,
): Promise<string> {
  const entry = lab.entryOf(name)
  if (entry.kind === 'read') {
    const answer = await entry.handle(input, caller, lab.context)
    return answer.kind === 'ok' ? 'ok' : answer.code
  }
  if (entry.kind !== 'row-command') throw new Error(`${name} is decided from a state`)
  const { handler } = entry
  const facts = await handler.prepare(input, { ...lab.context, caller })
  let outcome = 'nothing'
  try {
    await lab.tables.transaction(async (transaction) => {
      const now = new Date().toISOString()
      const decided = await handler.run(transaction, {
        input,
        caller,
        now,
        expectedVersion: undefined,
        device: undefined,
        facts,
      })
      outcome = decided.kind === 'accepted' ? 'ok' : decided.code
      throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
  return outcome
}
