import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { call } from '../support/client.ts'
import { until } from '../support/until.ts'
import { brokerOf, deadLetters, listLetters, untilLetters } from './dead-letters.ts'
import { figuresOf, HistoryLoad } from './history.ts'
import { checkDatabase, checkHistory, readLogs } from './history-check.ts'
import { metricOf, sumOf } from './metrics.ts'
import { RawNats } from './raw-nats.ts'

const startMs = 120_000
const runMs = 120_000
const settleMs = 20_000
const deadlineMs = 60_000
/** Where answers to what is published here by hand arrive. */
const inbox = 'reply.gateway.console.1'

let cluster: Cluster
let broker: RawNats

beforeAll(async () => {
  cluster = await startCluster({ venues: true, gateways: 1, instances: 1 })
  broker = await RawNats.open(brokerOf(cluster).port)
}, startMs)
afterAll(async () => {
  broker?.[Symbol.dispose]()
  await cluster?.[Symbol.asyncDispose]()
})

const createItem = (changes: object = {}) => ({
  id: newId(),
  operation: 'createTournament',
  input: { name: `Cup ${newId()}`, limit: 2 },
  caller: { kind: 'anyone' },
  deadlineAt: Date.now() + deadlineMs,
  ...changes,
})
const envelope = (changes: object = {}) => ({
  ...{ schema: 1, id: newId(), replyTo: inbox, items: [createItem()] },
  ...changes,
})
const without = (name: 'id' | 'replyTo' | 'schema' | 'items') => ({ ...envelope(), [name]: undefined })

/** What nobody can read, byte by byte. */
const unreadable: Readonly<Record<string, string | Buffer>> = {
  'nothing at all': '',
  'no JSON': 'hello {',
  'bytes that are no text': Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]),
  'half an envelope': JSON.stringify(envelope()).slice(0, -20),
  'a number': '42',
  null: 'null',
  'a list': JSON.stringify([envelope()]),
  'no id': JSON.stringify(without('id')),
  'an id that is a number': JSON.stringify(envelope({ id: 7 })),
  'no items': JSON.stringify(without('items')),
  'items that are no list': JSON.stringify(envelope({ items: { 0: createItem() } })),
}
/** What is an envelope, and can never be handled. */
const malformed: Readonly<Record<string, object>> = {
  'no schema': without('schema'),
  'the schema of another release': envelope({ schema: 2 }),
  'no reply address': without('replyTo'),
  'a reply address that is a number': envelope({ replyTo: 5 }),
  'empty items': envelope({ items: [] }),
  'more items than may be': envelope({ items: Array.from({ length: 17 }, () => createItem()) }),
  'an item that is null': envelope({ items: [createItem(), null] }),
  'an item without an id': envelope({ items: [createItem({ id: undefined })] }),
  'an operation that is a list': envelope({ items: [createItem({ operation: ['createTournament'] })] }),
  'input that is text': envelope({ items: [createItem({ input: 'Cup' })] }),
  'a caller that is text': envelope({ items: [createItem({ caller: 'anyone' })] }),
  'a deadline that is text': envelope({ items: [createItem({ deadlineAt: 'soon' })] }),
  'a place beyond all places': envelope({ replyAs: { envelope: newId(), index: 16 } }),
}
const lanes = { commands: 'cmd.tournaments', private: 'prv.tournaments', queries: 'qry.tournaments' } as const

describe('an envelope that nobody can handle', () => {
  it(
    'is a dead letter, whatever is wrong with it, and the service goes on with all others',
    async () => {
      const before = cluster.instances.map(({ processId }) => processId)
      const load = new HistoryLoad(cluster.url)
      load.start(4)
      const payloads = [
        ...Object.values(unreadable),
        ...Object.values(malformed).map((each) => JSON.stringify(each)),
      ]
      for (const subject of Object.values(lanes))
        for (const payload of payloads) broker.publish(subject, payload)
      const letters = await untilLetters(cluster, Object.keys(lanes).length * payloads.length, settleMs)
      await load.stop()

      expect(cluster.instances.map(({ processId }) => processId)).toEqual(before)
      const { calls, failures, worstMs } = figuresOf(load.calls)
      console.log(`${letters.length} dead letters; meanwhile ${calls} calls of others, worst ${worstMs} ms`)
      expect(failures).toEqual({})
      const logs = await readLogs(cluster.url, load.tournaments)
      expect(checkHistory(load.calls, logs)).toEqual({
        lost: [],
        doubled: [],
        gaps: [],
        broken: [],
        refused: [],
      })
      // None of them had an effect either.
      expect(await checkDatabase(cluster.postgres.url)).toEqual([])

      for (const lane of Object.keys(lanes)) {
        const own = letters.filter(({ queue }) => queue.lane === lane)
        const isKept = lane === 'commands'
        const bytes = own.flatMap(({ rawBase64 }) => (rawBase64 === undefined ? [] : [rawBase64]))
        const wanted = Object.values(unreadable).map((each) => Buffer.from(each).toString('base64'))
        expect(bytes.toSorted()).toEqual(isKept ? wanted.toSorted() : [])
        const ids = own.map((letter) => letter.envelope.id).filter((id) => !id.startsWith('unreadable-'))
        expect(ids.toSorted()).toEqual(Object.values(malformed).map(idOf).toSorted())
        expect(own.every(({ withheld }) => (withheld === true) === !isKept)).toBe(true)
        expect(own.every(({ attempts, reason }) => attempts === 1 && reason !== '')).toBe(true)
      }
    },
    runMs,
  )

  it(
    'is shown in full, and a dead letter again when it is replayed',
    async () => {
      const [, wrong] = Object.entries(malformed)[1]!
      const text = await deadLetters(cluster, 'list', '--limit', '1000')
      expect(text).toContain(idOf(wrong))
      expect(JSON.parse(await deadLetters(cluster, 'show', idOf(wrong)))).toMatchObject({ envelope: wrong })
      const before = await listLetters(cluster)
      const kept = before.filter(({ withheld }) => withheld !== true)
      expect(await deadLetters(cluster, 'replay', '--all', '--limit', '1000')).toContain(
        `${kept.length} put back`,
      )
      // A new deadline is all that one of them needed: it is done now.
      const after = await untilLetters(cluster, before.length - 1, settleMs)
      expect(after).toHaveLength(before.length - 1)
      const ofCommands = after.filter(({ queue }) => queue.lane === 'commands')
      expect(ofCommands.map(({ envelope: { id } }) => id)).not.toContain(
        idOf(malformed['a deadline that is text']!),
      )
      expect(await checkDatabase(cluster.postgres.url)).toEqual([])
    },
    runMs,
  )
})

function idOf(wrong: object): string {
  return 'id' in wrong && typeof wrong.id === 'string' ? wrong.id : ''
}

type Replies = {
  readonly envelope: string
  readonly replies: readonly { readonly index: number; readonly reply: { kind: string; code?: string } }[]
}

/** What is answered to the envelopes that are published meanwhile, by envelope; so many answers are waited for. */
async function answersTo(
  envelopes: readonly { id: string }[],
  count: number,
): Promise<Map<string, string[]>> {
  const answers = new Map(envelopes.map(({ id }) => [id, [] as string[]]))
  let heard = 0
  using console_ = await RawNats.open(brokerOf(cluster).port)
  await console_.subscribe(inbox, ({ payload }) => {
    const { envelope: id, replies }: Replies = JSON.parse(payload.toString())
    heard++
    answers.get(id)?.push(...replies.map(({ reply }) => reply.code ?? reply.kind))
  })
  for (const each of envelopes) broker.publish(lanes.commands, JSON.stringify(each))
  const until = performance.now() + settleMs
  while (heard < count && performance.now() < until) await sleep(20)
  return answers
}

describe('an envelope that can be handled, with something wrong in it', () => {
  it(
    'is answered item by item, and what is sound in it is done',
    async () => {
      const letters = await listLetters(cluster)
      const sound = createItem()
      const mixed = envelope({
        items: [
          createItem({ operation: 'cook' }),
          createItem({ input: { name: 5, limit: 'many' } }),
          createItem({ input: {} }),
          sound,
          createItem({ deadlineAt: Date.now() - 1 }),
          createItem({ operation: 'renameTournament', input: { id: 'x', name: 'y' } }),
          createItem({ input: { ...createItem().input, limit: 1e9 } }),
        ],
      })
      const answers = await answersTo([mixed], 1)
      expect(answers.get(mixed.id)).toEqual([
        ...['internal', 'internal', 'internal', 'ok', 'timed-out', expect.any(String), 'invalid-input'],
      ])
      const { problem } = await call(cluster.url, 'createTournament', { body: sound.input })
      expect(problem.code).toBe('name-taken')
      // Nobody waited any more, so nothing was done.
      expect(await listLetters(cluster)).toEqual(letters)
      expect(await checkDatabase(cluster.postgres.url)).toEqual([])
    },
    runMs,
  )

  it(
    'is done once when it is there twice',
    async () => {
      const twice = envelope()
      const answers = await answersTo([twice, twice], 2)
      expect(answers.get(twice.id)).toEqual(['ok', 'ok'])
      expect(await checkDatabase(cluster.postgres.url)).toEqual([])
    },
    runMs,
  )

  it(
    'is never answered where no gateway listens',
    async () => {
      const heard: string[] = []
      await broker.subscribe(lanes.commands, ({ payload }) => heard.push(payload.toString()))
      const astray = [
        'cmd.tournaments',
        '$JS.API.STREAM.DELETE.CMD_TOURNAMENTS',
        'reply.>',
        'evt.tournaments.x',
      ]
      const sent = astray.map((replyTo) => envelope({ replyTo }))
      const last = envelope()
      await answersTo([...sent, last], 1)
      expect(heard.filter((text) => text.includes('"replies"'))).toEqual([])
      expect(heard).toHaveLength(sent.length + 1)
      const stream = await broker.ask('$JS.API.STREAM.INFO.CMD_TOURNAMENTS')
      expect(stream).toMatchObject({ config: { name: 'CMD_TOURNAMENTS' } })
    },
    runMs,
  )

  it(
    'is refused by the broker when it is huge',
    async () => {
      const letters = await listLetters(cluster)
      const huge = envelope({ items: [createItem({ input: { name: 'x'.repeat(400_000), limit: 2 } })] })
      for (const payload of [JSON.stringify(huge), 'x'.repeat(400_000)]) {
        const { error } = await broker.ask(lanes.commands, payload)
        expect(error).toMatchObject({ description: expect.stringContaining('message size exceeds') })
      }
      const next = envelope()
      expect((await answersTo([next], 1)).get(next.id)).toEqual(['ok'])
      expect(await listLetters(cluster)).toEqual(letters)
    },
    runMs,
  )
})

describe('a client that hangs up', () => {
  it(
    'is forgotten at once, long before its deadline',
    async () => {
      const [gateway, instance] = [cluster.gateways[0]!, cluster.instances[0]!]
      const pending = () => metricOf(gateway, 'matchday_requests_pending', 'lane="commands"')
      await instance.pause()
      try {
        const body = JSON.stringify({ name: `Cup ${newId()}`, limit: 2 })
        const phone = connect(gateway.port, '127.0.0.1')
        await once(phone, 'connect')
        const head = `POST /api/tournaments HTTP/1.1\r\nhost: x\r\nidempotency-key: ${newId()}\r\n`
        phone.write(`${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
        await until('one is pending', async () => (await pending()) === 1, settleMs)
        phone.destroy()
        const hungUpAt = performance.now()
        await until('none is pending', async () => (await pending()) === 0, settleMs)
        expect(performance.now() - hungUpAt).toBeLessThan(2_000)
      } finally {
        instance.resume()
      }
    },
    runMs,
  )

  it('is counted where metrics are read', () => {
    const page = 'a_total{x="1"} 2\na_total{x="2"} 3\na_total_more 7\n# HELP a_total 9\n'
    expect([sumOf(page, 'a_total'), sumOf(page, 'a_total', 'x="2"'), sumOf(page, 'b')]).toEqual([5, 3, 0])
  })
})
