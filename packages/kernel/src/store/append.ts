import type { Clock } from '../clock.ts'
import { isoTime } from '../clock.ts'
import { Fault } from '../fault.ts'
import { appendParameters } from './append-parameters.ts'
import type { Connections } from './database.ts'
import { sqlState, sqlStateOf } from './database-faults.ts'
import { type Append, type AppendOutcome, storeLimits } from './port.ts'
import { waves } from './waves.ts'

/**
 * Losing against another instance again and again in the moment between looking and inserting is next to
 * impossible.
 */
const racesMax = 8

export const appendStatement = {
  name: 'append_events',
  text: `select append_events(${[
    'uuid[], integer[], integer[], integer[], integer[]',
    'integer[], integer[], text[], json, timestamptz[], text[], text[], text[]',
    'json, integer[], text[], integer[], text[], json, integer[], text[], text[]',
    'integer[], text[], text[], json, integer[], timestamptz, boolean',
  ]
    .join(', ')
    .split(', ')
    .map((type, index) => `$${index + 1}::${type}`)
    .join(', ')}) as outcome`,
}

/** By the places of the appends, which begin at 1 where they are told. */
type BatchOutcome = {
  readonly befores: readonly number[]
  readonly fences: readonly number[]
  readonly wins: readonly boolean[]
  readonly lostAnswerAppends: readonly number[] | null
  readonly lostAnswers: readonly string[] | null
  readonly lostClaimAppends: readonly number[] | null
  readonly lostClaims: readonly string[] | null
}

/** Commits a batch: one round trip and one transaction, unless two appends of it touch the same thing. */
export async function appendBatch(
  connections: Connections,
  clock: Clock,
  appends: readonly Append[],
): Promise<readonly AppendOutcome[]> {
  const outcomes = new Array<AppendOutcome>(appends.length)
  const items = appends.map((append, index) => ({ append, index }))
  for (const part of waves(items, storeLimits.appendsPerCommitMax)) {
    const batch = await commit(
      connections,
      clock,
      part.map((item) => item.append),
    )
    part.forEach((item, place) => {
      outcomes[item.index] = outcomeOf(batch, item.append, place)
    })
  }
  return outcomes
}

async function commit(
  connections: Connections,
  clock: Clock,
  appends: readonly Append[],
): Promise<BatchOutcome> {
  for (let races = 0; races < racesMax; races++) {
    try {
      const parameters = appendParameters(appends, isoTime(clock), races > 0)
      const [row] = await connections.query<{ outcome: BatchOutcome }>(appendStatement, parameters)
      return row!.outcome
    } catch (error) {
      if (!lostRace(error)) throw error
    }
  }
  throw new Fault('unavailable', 'Other instances were quicker too often', { retryable: true })
}

/** Then the whole transaction was undone, which is known for sure. */
function lostRace(error: unknown): boolean {
  const code = sqlStateOf(error)
  return (
    code === sqlState.uniqueViolation || code === sqlState.deadlock || code === sqlState.serializationFailure
  )
}

function outcomeOf(batch: BatchOutcome, append: Append, place: number): AppendOutcome {
  const versionBefore = batch.befores[place]!
  if (batch.wins[place]) {
    const fence = append.fenceOffset > 0 ? versionBefore + append.fenceOffset : batch.fences[place]!
    return { kind: 'committed', versionBefore, version: versionBefore + append.events.length, fence }
  }
  const ids = lostBy(place, batch.lostAnswerAppends, batch.lostAnswers)
  if (ids.length > 0) return { kind: 'answer-conflict', ids }
  const keys = lostBy(place, batch.lostClaimAppends, batch.lostClaims)
  return keys.length > 0 ? { kind: 'claim-conflict', keys } : { kind: 'version-conflict' }
}

function lostBy(
  place: number,
  appends: readonly number[] | null,
  values: readonly string[] | null,
): readonly string[] {
  if (appends === null || values === null) return []
  return values.filter((_, index) => appends[index] === place + 1)
}
