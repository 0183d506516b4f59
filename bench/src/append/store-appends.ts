import { newId } from '@matchday/contracts'
import { type Append, eventsAlone, type JsonObject, type Store } from '@matchday/kernel'

/** A stream, and the version that an event of it gets. */
export type Place = { readonly stream: string; readonly version: number }

export function picked() {
  return { playerId: newId(), team: 'Switzerland', contribution: 'c0ffee00'.repeat(8) }
}

/** An event and the version of its stream. */
export function eventAppend({ stream, version }: Place, data: JsonObject = picked()): Append {
  return {
    stream,
    expected: { version: version - 1 },
    events: [{ type: 'team-picked', data, at: new Date().toISOString(), by: 'player' }],
    ...eventsAlone,
  }
}

/** As a pick writes it: on a fence, with who did it, two things that it takes, and the answer to its id. */
export function commandAppend(place: Place, data = picked()): Append {
  const { playerId, team } = data
  const { events, ...rest } = eventAppend(place, data)
  const takes = [`pick:${playerId}`, `team:${newId()}`]
  return {
    ...rest,
    events: events.map((event) => ({ ...event, actor: playerId, takes })),
    expected: { fence: place.version - 1 },
    answers: [
      {
        id: `player:${playerId}/${newId()}`,
        fingerprint: '0123456789abcdef'.repeat(2),
        answer: { ok: { playerId, team } },
        versionOffset: 1,
      },
    ],
  }
}

/** Throws when one of them was lost: nobody else is there who could have been quicker. */
export async function appendUndisputed(store: Store, appends: readonly Append[]): Promise<null[]> {
  const outcomes = await store.append(appends)
  const lost = outcomes.find(({ kind }) => kind !== 'committed')
  if (lost !== undefined) throw new Error(`an append that nobody disputes was lost: ${lost.kind}`)
  return appends.map(() => null)
}
