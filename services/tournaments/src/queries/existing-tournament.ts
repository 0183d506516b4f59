import { type ReadContext, type Rejection, reject } from '@matchday/kernel'
import type { ExistingTournament } from '../domain/state.ts'
import { tournament } from '../domain/tournament.ts'

/** The state that a query answers from, with its version. */
export async function existingTournament(
  context: ReadContext,
  id: string,
): Promise<{ readonly state: ExistingTournament; readonly version: number } | Rejection<'not-found'>> {
  const found = await context.state(tournament, id)
  if (found === null || found.state.status === 'missing') return reject('not-found')
  return { state: found.state, version: found.version }
}
