import { isDeepStrictEqual } from 'node:util'
import { verifyProof } from '@matchday/competition'
import { openConnections, silentLog } from '@matchday/kernel'
import { breachesOf } from '../cluster/watchers.ts'
import type { Logs } from '../support/audit.ts'
import { must, wholeLog } from '../support/client.ts'
import { atOnce } from '../support/histories.ts'
import { liveClient } from '../support/live.ts'

const readersAtOnce = 8

type Seen = { readonly joinCode: string }

/**
 * What a tournament holds under unique keys, made from what it looks like to anybody. Its name is folded before it is
 * claimed, so of that only the number is known here.
 */
const claimsOf = ({ joinCode }: Seen): readonly string[] => [`join-code:${joinCode}`, 'name']

const withoutNames = (key: string) => (key.startsWith('name:') ? 'name' : key)

/** Claims in the database that no tournament explains, and the reverse. For guests' tournaments. */
export async function checkClaims(url: string, databaseUrl: string, logs: Logs): Promise<readonly string[]> {
  const options = { schema: 'tournaments', connectionsMax: 1, log: silentLog }
  const connections = openConnections({ url: databaseUrl }, options)
  const held = new Map<string, string[]>()
  try {
    const rows = await connections.query<{ key: string; stream: string }>(
      { text: 'select key, stream from claims where stream = any($1::uuid[])' },
      [[...logs.keys()]],
    )
    for (const { key, stream } of rows) held.set(stream, [...(held.get(stream) ?? []), withoutNames(key)])
  } finally {
    await connections.close()
  }
  const found: string[] = []
  const checks = [...logs.keys()].map((id) => async () => {
    const { body } = await must(url, 'getTournament', { path: { id } })
    const wanted = claimsOf(body)
    const there = (held.get(id) ?? []).toSorted()
    if (wanted.join() !== there.join()) found.push(`${id}: claims ${there.join(' ')} for ${wanted.join(' ')}`)
  })
  await atOnce(readersAtOnce, checks)
  return found
}

/** Every draw's proof, checked as a phone checks it. Resolves to what is wrong, and how many there were. */
export async function checkDraws(
  url: string,
  logs: Logs,
): Promise<{ wrong: readonly string[]; draws: number }> {
  const drawn = [...logs].filter(([, events]) => events.some(({ type }) => type === 'teams-drawn'))
  const wrong: string[] = []
  const checks = drawn.map(([id, events]) => async () => {
    const { body } = await must(url, 'getDrawProof', { path: { id } })
    const created = events.find(({ type }) => type === 'tournament-created')
    // The shape is that of the contract, which every answer is checked against.
    const { commitment } = (created?.data ?? {}) as { commitment?: string }
    const { ok, checks: all } = verifyProof(body, {
      tournamentId: id,
      ...(commitment === undefined ? {} : { commitment }),
    })
    const failed = all.filter((check) => !check.ok).map(({ check }) => check)
    if (!ok) wrong.push(`${id}: the proof of the draw fails: ${failed.join(', ')}`)
  })
  await atOnce(readersAtOnce, checks)
  return { wrong, draws: drawn.length }
}

/** What somebody who comes now is shown, at each gateway, must be what the log and the service say. */
export async function checkFresh(
  urls: readonly string[],
  ids: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = []
  const checks = urls.flatMap((url) =>
    ids.map((id) => async () => void found.push(...(await shownAt(url, id)))),
  )
  await atOnce(readersAtOnce, checks)
  return found
}

async function shownAt(url: string, id: string): Promise<readonly string[]> {
  const client = liveClient(url)
  try {
    const types = (await wholeLog(url, id)).map(({ type }) => type)
    await client.watch(id)
    const breaches = breachesOf(client.told.items, types)
    const { body } = await must(url, 'getTournament', { path: { id } })
    const shown = client.told.items.find((told) => told.what === 'subscribed')
    // Or else a snapshot of before and what happened since, which the log was just held against.
    if (shown?.data.version === body.version && !isDeepStrictEqual(shown.data, body))
      return [`${id} at ${url}: shown otherwise than it is`]
    return breaches.map((breach) => `${id} at ${url}: a fresh client: ${breach}`)
  } finally {
    client.stop()
  }
}
