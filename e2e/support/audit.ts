import type { Deed } from './write-load.ts'

/** An event as the log of a tournament shows it. */
export type LogEvent = { version: number; type: string; at: string; data: object }
export type Logs = ReadonlyMap<string, readonly LogEvent[]>

export type Audit = {
  /** Acknowledged, and not there. */
  lost: string[]
  /** There more than once, or there without anybody having been told. */
  doubled: string[]
  gaps: string[]
  /** How often a repeated request found that the first attempt had been done. */
  foundDone: number
}

const eventOf = { created: 'tournament-created', joined: 'player-joined', picked: 'team-picked' } as const

/**
 * Holds what was acknowledged against what is there. Every outcome must be known by now, so each event must belong to
 * exactly one acknowledgement and the reverse.
 */
export function audit(deeds: readonly Deed[], logs: Logs): Audit {
  const result: Audit = { lost: [], doubled: [], gaps: [], foundDone: 0 }
  const unexplained = new Map<string, LogEvent[]>()
  for (const [tournament, events] of logs) {
    events.forEach((event, index) => {
      if (event.version !== index + 1)
        result.gaps.push(`${tournament}: ${event.version} at place ${index + 1}`)
      const key = keyOfEvent(tournament, event)
      unexplained.set(key, [...(unexplained.get(key) ?? []), event])
    })
  }
  for (const deed of deeds) {
    const key = keyOfDeed(deed)
    const [event, ...more] = unexplained.get(key) ?? []
    if (!event) {
      result.lost.push(key)
      continue
    }
    if (deed.askedAgainAt !== undefined && Date.parse(event.at) < deed.askedAgainAt) result.foundDone++
    if (more.length > 0) unexplained.set(key, more)
    else unexplained.delete(key)
  }
  for (const [key, events] of unexplained) result.doubled.push(...events.map(() => key))
  return result
}

function keyOfDeed(deed: Deed): string {
  const type = eventOf[deed.kind]
  switch (deed.kind) {
    case 'created':
      return `${type} ${deed.tournament} ${deed.name}`
    case 'joined':
      return `${type} ${deed.tournament} ${deed.player} ${deed.name}`
    case 'picked':
      return `${type} ${deed.tournament} ${deed.player} ${deed.team}`
    default:
      return deed satisfies never
  }
}

function keyOfEvent(tournament: string, { type, data }: LogEvent): string {
  const { name, playerId, lastName, team }: Record<string, unknown> = { ...data }
  const parts =
    type === 'tournament-created' ? [name] : [playerId, type === 'player-joined' ? lastName : team]
  return [type, tournament, ...parts].join(' ')
}
