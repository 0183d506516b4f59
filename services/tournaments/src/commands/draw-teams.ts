import { tournamentOperations } from '@matchday/contracts'
import { command, Fault } from '@matchday/kernel'
import { drawSeedName } from '../domain/draw-seed.ts'
import { type DrawAnswer, drawTeams as decide } from '../domain/draw-teams.ts'
import { tournament } from '../domain/tournament.ts'

export const drawTeams = () =>
  command(tournamentOperations.drawTeams, {
    decider: tournament,
    prepare: async ({ id }, context) => ({ secrets: await context.secrets(id) }),
    stream: ({ id }) => id,
    decide: (state, { facts }, { version }) =>
      decide(state, version, (attempt) => seedFrom(facts.secrets, attempt)),
    present: ({ attempt, assignments, version }: DrawAnswer) => ({
      attempt,
      assignments: [...assignments],
      version,
    }),
  })

/**
 * A seed is committed with the event that tells its commitment; it is missing only if that event came in
 * between.
 */
function seedFrom(secrets: ReadonlyMap<string, string>, attempt: number): string {
  const seed = secrets.get(drawSeedName(attempt))
  if (seed === undefined) {
    throw new Fault('unavailable', `no seed for attempt ${attempt} yet`, { retryable: true })
  }
  return seed
}
