import { Fault } from '../../fault.ts'
import type { Log } from '../../log.ts'
import { type ApiError, notFoundCodes, type Questions } from './questions.ts'
import type { WantedStream } from './streams.ts'
import { api, consumerName } from './subjects.ts'

/** Something at the broker that is not as this release wants it. It is used as it is; a person decides. */
export type StreamDifference = {
  /** `CMD_TOURNAMENTS`, or `CMD_TOURNAMENTS/workers` for its consumer. */
  readonly where: string
  readonly setting: string
  readonly wanted: unknown
  readonly found: unknown
}

type Info = { readonly config?: Readonly<Record<string, unknown>> }

/**
 * Makes what is missing, and compares what is there. Nothing that exists is ever changed, emptied or made anew: that
 * might lose work, so differences are told instead. Throws Fault `unavailable`.
 */
export async function ensureStreams(
  questions: Questions,
  wanted: readonly WantedStream[],
  log: Log,
): Promise<readonly StreamDifference[]> {
  const found = await Promise.all(wanted.map((stream) => ensureStream(questions, stream, log)))
  const differences = found.flat()
  for (const difference of differences) log.warn(difference, 'the broker differs from what is wanted')
  return differences
}

async function ensureStream(
  questions: Questions,
  { consumer, ...stream }: WantedStream,
  log: Log,
): Promise<readonly StreamDifference[]> {
  const { name } = stream
  const streamFound = await found(questions, {
    info: api.streamInfo(name),
    create: api.streamCreate(name),
    wanted: stream,
    question: stream,
    missing: notFoundCodes.stream,
    onCreated: () => log.info({ stream: name }, 'stream made'),
  })
  const differences = differencesOf(name, stream, streamFound)
  if (consumer === undefined) return differences
  const consumerFound = await found(questions, {
    info: api.consumerInfo(name),
    create: api.consumerCreate(name),
    wanted: consumer,
    question: { stream_name: name, config: consumer },
    missing: notFoundCodes.consumer,
    onCreated: () => log.info({ stream: name }, 'consumer made'),
  })
  return [...differences, ...differencesOf(`${name}/${consumerName}`, consumer, consumerFound)]
}

type Item = {
  readonly info: string
  readonly create: string
  readonly wanted: object
  readonly question: object
  readonly missing: number
  readonly onCreated: () => void
}

/** The configuration that is there, made if it was missing. Several instances may do this at the same time. */
async function found(questions: Questions, item: Item): Promise<Readonly<Record<string, unknown>>> {
  const before = await questions.api<Info>(item.info)
  if (before.config !== undefined) return before.config
  if (before.error?.err_code !== item.missing) throw refused(item.info, before.error)
  const made = await questions.api<Info>(item.create, item.question)
  if (made.config !== undefined) {
    item.onCreated()
    return made.config
  }
  // Another release may have been quicker.
  const after = await questions.api<Info>(item.info)
  if (after.config !== undefined) return after.config
  throw refused(item.create, made.error)
}

function differencesOf(
  where: string,
  wanted: object,
  found: Readonly<Record<string, unknown>>,
): readonly StreamDifference[] {
  return Object.entries(wanted)
    .filter(([setting, value]) => JSON.stringify(found[setting]) !== JSON.stringify(value))
    .map(([setting, value]) => ({ where, setting, wanted: value, found: found[setting] }))
}

function refused(what: string, error: ApiError | undefined): Fault {
  return new Fault('unavailable', `${what}: ${error?.description ?? 'no answer that makes sense'}`, {
    retryable: true,
  })
}
