import { type OutputOf, tournamentOperations } from '@matchday/contracts'
import { type RecordedEvent, read } from '@matchday/kernel'
import { existingTournament } from './existing-tournament.ts'

const pageSizeDefault = 50
type ShownCaller = OutputOf<typeof tournamentOperations.listLog>['items'][number]['by']

export const listLog = () =>
  read(tournamentOperations.listLog, async ({ id, after = 0, limit = pageSizeDefault }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    // One more than asked for tells whether there is another page.
    const events = await context.eventsOf(id, after, limit + 1)
    const items = events.slice(0, limit).map(shown)
    const next = events.length > limit ? (items.at(-1)?.version ?? null) : null
    // Where the stream stands, as far as this answer knows: with the store's epoch it tells gateways what they missed.
    const version = Math.max(found.version, items.at(-1)?.version ?? 0)
    return { kind: 'ok', version, body: { items, next } }
  })

function shown({ version, at, type, by, data }: RecordedEvent) {
  return { version, at, type, by: shownCaller(by), data }
}

/** Everybody sees in what part somebody did it, and not by which credentials. */
function shownCaller(by: string): ShownCaller {
  switch (by) {
    case 'organizer':
    case 'staff':
    case 'key':
      return 'organizer'
    case 'player':
    case 'player-account':
      return 'player'
    case 'service':
      return 'service'
    default:
      // The record holds a plain text; what nobody is known by is nobody in particular.
      return 'anyone'
  }
}
