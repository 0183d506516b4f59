import type { OperationName } from '@matchday/contracts'
import { openConnections, silentLog } from '@matchday/kernel'
import type { LogEvent, Logs } from '../support/audit.ts'
import { must, wholeLog } from '../support/client.ts'
import { atOnce } from '../support/histories.ts'
import { type CallRecord, markOfDraw } from './history.ts'

/** All that is not as it must be, in words; empty lists when nothing is wrong. */
export type Findings = {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[]
  /** There more than once, or there though nobody asked for it. */
  readonly doubled: readonly string[]
  /** Versions that are not 1, 2, 3 … */
  readonly gaps: readonly string[]
  /** Two with one team, two in one seat, two draws, a draw among others. */
  readonly broken: readonly string[]
  /** No rule refuses what these clients ask for. */
  readonly refused: readonly string[]
}

const typeOf: Partial<Record<OperationName, string>> = {
  createTournament: 'tournament-created',
  joinTournament: 'player-joined',
  pickTeam: 'team-picked',
  renameTournament: 'tournament-renamed',
  drawTeams: 'teams-drawn',
}
const readersAtOnce = 8

/**
 * Holds what clients were told against what is there. A call that was acknowledged has exactly one event; one of
 * which nobody knows the outcome has one or none; there are no others.
 */
export function checkHistory(calls: readonly CallRecord[], logs: Logs): Findings {
  const unexplained = new Map<string, LogEvent[]>()
  const gaps: string[] = []
  for (const [tournament, events] of logs) {
    for (const [index, event] of events.entries()) {
      if (event.version !== index + 1) gaps.push(`${tournament}: ${event.version} at place ${index + 1}`)
      const key = `${tournament} ${event.type} ${markOf(event)}`
      unexplained.set(key, [...(unexplained.get(key) ?? []), event])
    }
  }
  const lost: string[] = []
  for (const { effect } of calls) {
    if (effect === undefined) continue
    const key = `${effect.tournament} ${effect.type} ${effect.mark}`
    const [event, ...more] = unexplained.get(key) ?? []
    if (event === undefined) lost.push(key)
    else if (more.length > 0) unexplained.set(key, more)
    else unexplained.delete(key)
  }
  const unknown = calls.filter(({ outcome }) => outcome === 'unknown')
  const perhaps = unknown.map(({ about, operation }) => `${about} ${typeOf[operation]}`)
  const doubled: string[] = []
  for (const key of [...unexplained].flatMap(([each, events]) => events.map(() => each))) {
    const place = perhaps.indexOf(key.split(' ').slice(0, 2).join(' '))
    if (place < 0) doubled.push(key)
    else perhaps.splice(place, 1)
  }
  const refused = calls.flatMap(({ outcome, operation, last }) =>
    outcome === 'refused' ? [`${operation}: ${last}`] : [],
  )
  return { lost, doubled, gaps, broken: [...logs].flatMap(brokenRules), refused }
}

/** What tells one event of a type and a stream from another. */
function markOf({ type, data }: LogEvent): string {
  const { name, playerId, lastName, team, assignments }: Record<string, unknown> = { ...data }
  switch (type) {
    case 'tournament-created':
    case 'tournament-renamed':
      return String(name)
    case 'player-joined':
      return `${playerId} ${lastName}`
    case 'team-picked':
      return `${playerId} ${team}`
    case 'teams-drawn':
      // As the contract says, against which every answer was checked as it came.
      return markOfDraw(assignments as Parameters<typeof markOfDraw>[0])
    default:
      return ''
  }
}

function brokenRules([tournament, events]: readonly [string, readonly LogEvent[]]): readonly string[] {
  const found: string[] = []
  const taken = new Set<string>()
  const take = (what: string, version: number) => {
    if (taken.has(what)) found.push(`${tournament}: ${what} twice, again at ${version}`)
    taken.add(what)
  }
  for (const { type, version, data } of events) {
    const { playerId, firstName, lastName, team }: Record<string, unknown> = { ...data }
    if (type === 'player-joined') {
      take(`player ${playerId}`, version)
      take(`name ${firstName} ${lastName}`, version)
    } else if (type === 'team-picked') {
      take(`team ${team}`, version)
      take(`pick of ${playerId}`, version)
      if (!taken.has(`player ${playerId}`)) found.push(`${tournament}: a pick of nobody at ${version}`)
    } else if (type === 'teams-drawn' || type === 'tournament-created') take(type, version)
  }
  return found
}

/** The logs of all tournaments that a load has made, as anybody reads them. */
export async function readLogs(url: string, tournaments: readonly string[]): Promise<Logs> {
  const logs = new Map<string, LogEvent[]>()
  const reads = tournaments.map((id) => async () => void logs.set(id, await wholeLog(url, id)))
  await atOnce(readersAtOnce, reads)
  return logs
}

/** What the tournament looks like must follow from its log: the same players with the same picks and teams. */
export async function checkStates(url: string, logs: Logs): Promise<readonly string[]> {
  const found: string[] = []
  const reads = [...logs].map(([id, events]) => async () => {
    const { body } = await must(url, 'getTournament', { path: { id } })
    const marks = (type: string) => events.filter((event) => event.type === type).map(markOf)
    const same = (what: string, shown: readonly string[], logged: readonly string[]) => {
      if (shown.toSorted().join() !== logged.toSorted().join())
        found.push(`${id}: ${what}: ${shown} for ${logged}`)
    }
    if (body.version !== events.length) found.push(`${id}: version ${body.version} of ${events.length}`)
    same(
      'players',
      body.players.map((player) => `${player.id} ${player.lastName}`),
      marks('player-joined'),
    )
    const picks = body.players.flatMap(({ id: player, pick }) => (pick === null ? [] : [`${player} ${pick}`]))
    same('picks', picks, marks('team-picked'))
    const names = [...marks('tournament-created'), ...marks('tournament-renamed')]
    same('name', [body.name], names.slice(-1))
  })
  await atOnce(readersAtOnce, reads)
  return found
}

/**
 * The same seen in the database, over all streams, those included of which nobody was told: versions without gaps, and
 * no event that is not the effect of exactly one command id. Only for loads whose commands make one event each.
 */
export async function checkDatabase(databaseUrl: string): Promise<readonly string[]> {
  const connections = openConnections(
    { url: databaseUrl },
    { schema: 'tournaments', connectionsMax: 1, log: silentLog },
  )
  try {
    const rows = await connections.query<{ finding: string }>({ text: databaseChecks }, [])
    return rows.map(({ finding }) => finding)
  } finally {
    await connections.close()
  }
}

const databaseChecks = /* sql */ `
select format('stream %s has version %s and %s events', s.id, s.version, count(e.version)) as finding
from streams s left join events e on e.stream = s.id
group by s.id, s.version having s.version <> count(e.version) or s.version <> max(e.version)
union all
select format('event %s of %s (%s) has %s command ids', e.version, e.stream, e.type, count(a.id))
from events e
left join answers a on a.stream = e.stream and a.version = e.version and a.answer ->> 'rejected' is null
group by e.stream, e.version, e.type having count(a.id) <> 1
`
