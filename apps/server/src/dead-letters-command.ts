import { type Bus, createLog, type DeadLetter, Fault, lanes, type Queue, systemClock } from '@matchday/kernel'
import { type CommandOptions, takeOptions } from './command-options.ts'
import { type Config, readConfig } from './config.ts'
import { openBrokerAsOperator } from './open-bus.ts'
import { serviceNames } from './role-names.ts'

const limitDefault = 50
const limitMax = 1_000
/** For the connection to the broker. */
const connectMs = 5_000

type Asked = { bus: Bus; queues: readonly Queue[]; limit: number; options: CommandOptions }
const actions: Readonly<Record<string, (asked: Asked) => Promise<number>>> = { list, show, replay, dismiss }

/** `matchday dead-letters list|show|replay|dismiss`: what was given up on, and what becomes of it. */
export async function answerDeadLetters(flags: readonly string[]): Promise<number> {
  const own = { switches: ['json', 'all'], values: ['service', 'lane', 'limit'] }
  const options = takeOptions(flags, own)
  const action = actions[options.words[0] ?? '']
  if (action === undefined)
    throw wrong(
      'matchday dead-letters needs one of: list, show <id>, replay <id>, dismiss <id>; --all for all',
    )
  const queues = queuesOf(options)
  const limit = limitOf(options)
  return withBroker(readConfig(options.settings), (bus) => action({ bus, queues, limit, options }))
}

/** Oldest first, of each queue. */
async function list({ bus, queues, limit, options }: Asked): Promise<number> {
  const letters = await all(bus, queues, limit)
  if (options.switches.has('json')) {
    process.stdout.write(`${JSON.stringify(letters, null, 2)}\n`)
    return 0
  }
  const rows = letters.map(({ queue, envelope, attempts, reason, at, withheld }) => [
    ...[envelope.id, at, `${queue.service}/${queue.lane}`, String(attempts)],
    ...[operationsOf(envelope), oneLine(reason), ...(withheld === true ? ['withheld'] : [])],
  ])
  const head = ['ID', 'SINCE', 'QUEUE', 'TRIES', 'OPERATIONS', 'REASON']
  process.stdout.write(rows.length === 0 ? 'There are no dead letters.\n' : table([head, ...rows]))
  return 0
}

async function show({ bus, queues, options }: Asked): Promise<number> {
  const letter = await find(bus, queues, options)
  process.stdout.write(`${JSON.stringify(letter, null, 2)}\n`)
  return 0
}

async function replay(asked: Asked): Promise<number> {
  const { bus, options } = asked
  const found = await chosen(asked)
  // Whoever names one is told that it can't be; of all, those that can be.
  const letters = options.switches.has('all') ? found.filter(({ withheld }) => withheld !== true) : found
  let replayed = 0
  for (const { queue, envelope } of letters) {
    if (await bus.replayDeadLetter(queue, envelope.id)) replayed++
  }
  const withheld = found.length - letters.length
  const left = withheld === 0 ? '' : ` ${withheld} withheld: they can’t be replayed.`
  const text = options.switches.has('json')
    ? JSON.stringify({ replayed, withheld })
    : `${replayed} put back on ${replayed === 1 ? 'its queue' : 'their queues'}.${left}`
  process.stdout.write(`${text}\n`)
  return replayed === letters.length ? 0 : 1
}

/** For good: nobody can do it again, and `matchday_dead_letters` counts it no more. */
async function dismiss(asked: Asked): Promise<number> {
  const { bus, options } = asked
  const letters = await chosen(asked)
  let dismissed = 0
  for (const { queue, envelope } of letters) {
    if (await bus.dismissDeadLetter(queue, envelope.id)) dismissed++
  }
  const text = options.switches.has('json') ? JSON.stringify({ dismissed }) : `${dismissed} dismissed.`
  process.stdout.write(`${text}\n`)
  return dismissed === letters.length ? 0 : 1
}

/** The one that is named, or with `--all` those that `list` shows. */
async function chosen({ bus, queues, limit, options }: Asked): Promise<readonly DeadLetter[]> {
  return options.switches.has('all') ? all(bus, queues, limit) : [await find(bus, queues, options)]
}

async function all(bus: Bus, queues: readonly Queue[], limit: number): Promise<readonly DeadLetter[]> {
  const found = await Promise.all(queues.map((queue) => bus.deadLetters(queue, limit)))
  return found.flat()
}

async function find(bus: Bus, queues: readonly Queue[], { words }: CommandOptions): Promise<DeadLetter> {
  const id = words[1]
  if (id === undefined) throw wrong('Which one? The first column of "matchday dead-letters list" is its id.')
  const letter = (await all(bus, queues, limitMax)).find(({ envelope }) => envelope.id === id)
  if (letter !== undefined) return letter
  throw new Fault('no-such-dead-letter', `There is no dead letter ${id}.`, {
    hint: '"matchday dead-letters list" lists them.',
  })
}

async function withBroker(config: Config, work: (bus: Bus) => Promise<number>): Promise<number> {
  if (config.natsUrl === undefined) {
    throw new Fault('bad-configuration', 'There are dead letters only with a broker, and none is set.', {
      hint: 'Set MATCHDAY_NATS_URL as for the processes that run. Within one process nothing outlives it.',
    })
  }
  const parts = { clock: systemClock, log: createLog(config.logLevel) }
  const { bus, whenUp, health } = openBrokerAsOperator(config, parts)
  try {
    await whenUp(AbortSignal.timeout(connectMs))
    if (bus.state === 'down') {
      throw new Fault('unavailable', `Not within ${connectMs / 1_000} s: ${health().detail}.`, {
        retryable: true,
        hint: 'Check MATCHDAY_NATS_URL, the credentials, and that the broker runs.',
      })
    }
    return await work(bus)
  } finally {
    await bus.close()
  }
}

function queuesOf({ values }: CommandOptions): readonly Queue[] {
  const service = values.get('service')
  const lane = values.get('lane')
  const services = serviceNames.filter((name) => service === undefined || name === service)
  const chosen = lanes.filter((name) => lane === undefined || name === lane)
  if (services.length === 0) throw wrong(`--service: one of ${serviceNames.join(', ')}`)
  if (chosen.length === 0) throw wrong(`--lane: one of ${lanes.join(', ')}`)
  return services.flatMap((name) => chosen.map((each) => ({ service: name, lane: each })))
}

function limitOf({ values }: CommandOptions): number {
  const limit = Number(values.get('limit') ?? limitDefault)
  if (Number.isInteger(limit) && limit >= 1 && limit <= limitMax) return limit
  throw wrong(`--limit: a whole number from 1 to ${limitMax}`)
}

function wrong(message: string): Fault {
  return new Fault('bad-configuration', message, { hint: 'matchday --help' })
}

/** Items may be anything: an envelope that nobody could handle is a dead letter too. */
function operationsOf({ items }: DeadLetter['envelope']): string {
  const seen: readonly unknown[] = items
  return seen
    .map((item) => {
      const operation =
        typeof item === 'object' && item !== null && 'operation' in item ? item.operation : null
      return typeof operation === 'string' ? oneLine(operation) : '?'
    })
    .join(' ')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 120)
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return `${rows.map((row) => line(row).trimEnd()).join('\n')}\n`
}
