import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { call } from '../support/client.ts'
import { removeFolder, temporaryFolder } from '../support/matchday.ts'
import { brokerOf, deadLetters, listLetters, untilLetters } from './dead-letters.ts'
import { figuresOf, HistoryLoad } from './history.ts'
import { checkDatabase, checkHistory, readLogs } from './history-check.ts'
import { RawNats } from './raw-nats.ts'

const startMs = 120_000
const runMs = 240_000
const dieMs = 90_000
const neighbours = 15
const poison = 'Poison'
/** Longer than all its deliveries take: somebody waits for the answer until the end. */
const deadlineMs = 120_000

/**
 * A crash of the kind that no handler can catch, planted into a service while a file is there: the program is the one
 * that is released, but one function of the language kills it when it is given a certain name.
 */
const plant = (file: string) => `
import { existsSync } from 'node:fs'
if (process.env.MATCHDAY_ROLES === 'tournaments' && existsSync(${JSON.stringify(file)})) {
  const normalize = String.prototype.normalize
  String.prototype.normalize = function (form) {
    if (this.startsWith('${poison}')) process.kill(process.pid, 'SIGKILL')
    return normalize.call(this, form)
  }
}`

let folder = ''
let planted = ''
let cluster: Cluster

beforeAll(async () => {
  folder = await temporaryFolder()
  planted = join(folder, 'planted')
  await writeFile(planted, '')
  const module = `data:text/javascript,${encodeURIComponent(plant(planted))}`
  cluster = await startCluster({
    venues: true,
    gateways: 1,
    instances: 2,
    environment: { NODE_OPTIONS: `--import=${module}` },
  })
}, startMs)
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]()
  await removeFolder(folder)
})

/** Starts again whoever has died, as an orchestrator does. */
function supervise() {
  let deaths = 0
  let isStopped = false
  const watch = cluster.instances.map(async (member) => {
    while (!isStopped) {
      await sleep(50)
      if (member.processId !== 0) continue
      deaths++
      await member.start().catch((error: Error) => {
        // It may die while it starts: then it is started again.
        if (member.processId !== 0) throw error
      })
    }
  })
  return {
    deaths: () => deaths,
    stop: async () => {
      isStopped = true
      await Promise.all(watch)
    },
  }
}

const itemOf = (name: string) => ({
  id: newId(),
  operation: 'createTournament',
  input: { name, limit: 2 },
  caller: { kind: 'anyone' },
  deadlineAt: Date.now() + deadlineMs,
})

async function isTaken(name: string): Promise<boolean> {
  const { status, problem } = await call(cluster.url, 'createTournament', { body: { name, limit: 2 } })
  return status >= 400 && problem.code === 'name-taken'
}

/** Where the answers to what is published here by hand arrive. */
const inbox = 'reply.gateway.console.1'
type Answers = Map<number, string>
type Replies = { envelope: string; replies: { index: number; reply: { kind: string } }[] }

async function answersTo(broker: RawNats, id: string): Promise<Answers> {
  const answers: Answers = new Map()
  await broker.subscribe(inbox, ({ payload }) => {
    const { envelope, replies }: Replies = JSON.parse(payload.toString())
    if (envelope === id) for (const { index, reply } of replies) answers.set(index, reply.kind)
  })
  return answers
}

describe('an item that kills whoever begins it', () => {
  const id = newId()
  const deadlyPlace = 7
  const deadlyName = `${poison} ${newId()}`

  it(
    'is a dead letter after five deliveries, and takes nobody along',
    async () => {
      using broker = await RawNats.open(brokerOf(cluster).port)
      const answers = await answersTo(broker, id)
      const names = Array.from({ length: neighbours }, (_, index) => `Neighbour ${index} ${newId()}`)
      const items = names.toSpliced(deadlyPlace, 0, deadlyName).map(itemOf)
      const supervisor = supervise()
      const others = new HistoryLoad(cluster.url, { patienceMs: dieMs })
      others.start(2)

      const startedAt = performance.now()
      broker.publish('cmd.tournaments', JSON.stringify({ schema: 1, id, replyTo: inbox, items }))
      const letters = await untilLetters(cluster, 1, dieMs)
      const tookMs = Math.round(performance.now() - startedAt)
      await others.stop()
      await supervisor.stop()
      const { calls, worstMs, failures } = figuresOf(others.calls)
      console.log(
        `${supervisor.deaths()} deaths, a dead letter after ${tookMs} ms; meanwhile ${calls} calls of others, ` +
          `worst ${worstMs} ms, failures ${JSON.stringify(failures)}`,
      )

      expect(letters).toHaveLength(1)
      expect(letters[0]).toMatchObject({
        ...{ queue: { service: 'tournaments', lane: 'commands' }, attempts: 5 },
        envelope: { id: `${id}.${deadlyPlace}`, items: [{ id: items[deadlyPlace]?.id }] },
      })
      expect(supervisor.deaths()).toBeGreaterThanOrEqual(3)
      const places = [...items.keys()].filter((place) => place !== deadlyPlace)
      expect(answers).toEqual(new Map(places.map((place) => [place, 'ok'])))
      expect(await Promise.all(names.map(isTaken))).toEqual(names.map(() => true))
      expect(others.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
      const logs = await readLogs(cluster.url, others.tournaments)
      expect(checkHistory(others.calls, logs)).toMatchObject({ lost: [], doubled: [], gaps: [], broken: [] })
      expect(await checkDatabase(cluster.postgres.url)).toEqual([])
    },
    runMs,
  )

  it(
    'is done, and answered, when it is replayed where nothing kills any more',
    async () => {
      await rm(planted)
      for (const member of cluster.instances) {
        await member.stop()
        await member.start()
      }
      const before = cluster.instances.map(({ processId }) => processId)
      using broker = await RawNats.open(brokerOf(cluster).port)
      const answers = await answersTo(broker, id)
      expect(await deadLetters(cluster, 'replay', `${id}.${deadlyPlace}`)).toContain('1 put back')
      const until = performance.now() + dieMs
      while (answers.size === 0 && performance.now() < until) await sleep(20)
      expect(answers).toEqual(new Map([[deadlyPlace, 'ok']]))
      expect(await isTaken(deadlyName)).toBe(true)
      expect(await listLetters(cluster)).toEqual([])
      expect(cluster.instances.map(({ processId }) => processId)).toEqual(before)
    },
    runMs,
  )
})
