import type { TournamentId } from '@matchday/contracts'
import type { Reaction, ReactionContext, RecordedEvent, Reply } from '@matchday/kernel'
import { mustBeDone } from './must-be-done.ts'

/** Longer than a request may take (ten seconds), and than a gateway needs to hear that a session has ended. */
const onceMoreAfterMs = 15_000

/** What is to be done in each tournament that somebody has to do with, when he is gone. */
export type Farewell = Pick<Reaction, 'name' | 'source' | 'types'> & {
  tournaments(event: RecordedEvent, context: ReactionContext): AsyncIterable<TournamentId>
  /** Again and again with one id has one effect. */
  run(commandId: string, event: RecordedEvent, id: TournamentId, context: ReactionContext): Promise<Reply>
}

/**
 * At once, and once more a little later: a request that was on its way when he went, with a token that was still good,
 * may be decided after the first time.
 */
export function twice(farewell: Farewell): readonly Reaction[] {
  const { name } = farewell
  return [reactionOf(farewell, name), { ...reactionOf(farewell, `${name}-again`), afterMs: onceMoreAfterMs }]
}

function reactionOf({ source, types, tournaments, run }: Farewell, name: string): Reaction {
  return {
    ...{ name, source, types },
    async react(event, context) {
      for await (const id of tournaments(event, context)) {
        const commandId = `${name}.${event.stream}.${event.version}.${id}`
        mustBeDone(await run(commandId, event, id, context))
      }
    },
  }
}
