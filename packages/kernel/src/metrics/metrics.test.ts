import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { allOperations } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { envelopeOf, quiet } from '../bus/conformance-lab.ts'
import { createMemoryBus } from '../bus/memory.ts'
import { createRequester } from '../bus/requester.ts'
import { createLog } from '../log.ts'
import { createPuller } from '../pull/puller.ts'
import { createBreaker } from '../resilience/breaker.ts'
import type { Store } from '../store/port.ts'
import { Buckets } from './buckets.ts'
import { type MetricDefinition, metricDefinitions } from './definitions.ts'
import { type Figure, figureOf } from './figure.ts'
import { createMetrics } from './metrics.ts'
import * as parts from './parts.ts'

/** Lines of our own metrics, without their descriptions. */
const linesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('matchday_'))

describe('metrics', () => {
  it('are what the parts say at the moment of asking', async () => {
    const metrics = createMetrics({ process: false })
    let lagMs = 250
    const relay = {
      isLeading: true,
      published: 7,
      get lagMs() {
        return lagMs
      },
    }
    parts.watchRelay(metrics, 'tournaments', relay)
    const expected = (lag: number) => [
      `matchday_relay_lag_seconds{service="tournaments"} ${lag}`,
      'matchday_relay_published_total{service="tournaments"} 7',
      'matchday_relay_lease_held{service="tournaments"} 1',
    ]
    expect(linesOf(await metrics.text())).toEqual(expected(0.25))
    lagMs = 0
    const [first, second] = await Promise.all([metrics.text(), metrics.text()])
    expect(linesOf(first)).toEqual(expected(0))
    expect(second).toBe(first)
  })

  it('add up what several sources say, until they are closed', async () => {
    const metrics = createMetrics({ process: false })
    const labels = { service: 'tests', lane: 'commands' }
    const sources = [1, 2].map((count) =>
      metrics.watch('matchday_deliveries_total', (tell) => tell(labels, count)),
    )
    const line = (sum: number) => `matchday_deliveries_total{service="tests",lane="commands"} ${sum}`
    expect(linesOf(await metrics.text())).toEqual([line(3)])
    sources[0]?.close()
    expect(linesOf(await metrics.text())).toEqual([line(2)])
  })

  it('tell what services count for themselves, each under its name', async () => {
    const metrics = createMetrics({ process: false })
    const figure: Figure<{ queue: readonly string[] }> = {
      ...{ name: 'matchday_plates_waiting', type: 'gauge', help: 'Plates.', labels: ['size'] },
      read: ({ queue }) => [{ labels: { size: 'large' }, value: queue.length }],
    }
    const subscription = metrics.add(figureOf('bar', figure, { queue: ['a'] }))
    metrics.add(figureOf('kitchen', figure, { queue: ['a', 'b'] }))
    const text = await metrics.text()
    expect(text).toContain('# TYPE matchday_plates_waiting gauge')
    const line = (service: string, value: number) =>
      `matchday_plates_waiting{service="${service}",size="large"} ${value}`
    expect(linesOf(text)).toEqual([line('bar', 1), line('kitchen', 2)])
    subscription.close()
    expect(linesOf(await metrics.text())).toEqual([line('kitchen', 2)])
  })

  it('tell histograms cumulated, as Prometheus wants them', async () => {
    const metrics = createMetrics({ process: false })
    const sizes = new Buckets([1, 2, 4])
    for (const size of [1, 2, 2, 3, 9]) sizes.observe(size)
    metrics.watch('matchday_commit_streams', (tell) => tell({ service: 'tests' }, sizes))
    const text = await metrics.text()
    expect(text).toContain('# TYPE matchday_commit_streams histogram')
    expect(linesOf(text)).toEqual([
      'matchday_commit_streams_bucket{service="tests",le="1"} 1',
      'matchday_commit_streams_bucket{service="tests",le="2"} 3',
      'matchday_commit_streams_bucket{service="tests",le="4"} 4',
      'matchday_commit_streams_bucket{service="tests",le="+Inf"} 5',
      'matchday_commit_streams_sum{service="tests"} 17',
      'matchday_commit_streams_count{service="tests"} 5',
    ])
  })

  it('leave out a source that fails or hangs, and log it', async () => {
    const lines: string[] = []
    const destination = new Writable({
      write: (line, _encoding, done) => done(void lines.push(String(line))),
    })
    const metrics = createMetrics({ process: false, log: createLog('info', destination) })
    metrics.watch('matchday_bus_up', () => {
      throw new Error('gone')
    })
    metrics.watch('matchday_bus_up', () => new Promise(() => {}))
    metrics.watch('matchday_bus_up', (tell) => tell({ bus: 'memory' }, 1))
    expect(linesOf(await metrics.text())).toEqual(['matchday_bus_up{bus="memory"} 1'])
    expect(lines.map((line) => JSON.parse(line).msg).sort()).toEqual([
      'a metric could not be read',
      'a metric could not be read in time',
    ])
  })

  it('measure the process as well', async () => {
    const text = await createMetrics().text()
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m)
    expect(text).toMatch(/^process_resident_memory_bytes /m)
  })
})

describe('the metrics of the parts', () => {
  it('follow a request from the gateway to its dead letter', async () => {
    const bus = createMemoryBus()
    const metrics = createMetrics({ process: false })
    const requester = createRequester({ bus, newId: () => crypto.randomUUID() })
    const queue = { service: 'tournaments', lane: 'commands' } as const
    const puller = createPuller({
      bus,
      queue,
      capacityItems: 16,
      handle: async () => ({ kind: 'rejected', code: 'team-taken' }),
    })
    parts.watchBus(metrics, bus)
    parts.watchRequester(metrics, requester)
    parts.watchPuller(metrics, puller)
    parts.watchDeadLetters(metrics, queue, bus)
    parts.watchBreaker(metrics, createBreaker({ name: 'tests database' }))
    const { pickTeam } = allOperations
    await requester.request(pickTeam, { id: 'one', input: {}, caller: { kind: 'anyone' } })
    await bus.enqueue(queue, { ...envelopeOf(), items: [] })
    await quiet()
    const lines = linesOf(await metrics.text())
    const labels = 'service="tournaments",lane="commands"'
    expect(lines).toEqual(
      expect.arrayContaining([
        'matchday_requests_total{operation="pickTeam",outcome="rejected"} 1',
        `matchday_request_seconds_count{${labels}} 1`,
        `matchday_requests_pending{${labels}} 0`,
        `matchday_requests_pending_allowed{${labels}} 2048`,
        `matchday_deliveries_total{${labels}} 2`,
        `matchday_envelopes_malformed_total{${labels}} 1`,
        `matchday_dead_letters{${labels}} 1`,
        'matchday_breaker_state{breaker="tests database"} 0',
        'matchday_bus_up{bus="memory"} 1',
      ]),
    )
    await requester.close()
  })

  it('count commits, and those that failed', async () => {
    const metrics = createMetrics({ process: false })
    let fails = false
    const unused = () => Promise.reject(new Error('not used here'))
    const names = ['load', 'versions', 'answers', 'holder', 'secrets', 'eventsOf', 'read'] as const
    const others = Object.fromEntries(names.map((name) => [name, unused]))
    const append = async () => {
      if (fails) throw new Error('refused')
      return []
    }
    // Only appending is looked at.
    const store = parts.watchCommits(metrics, 'tests', { ...others, append } as unknown as Store)
    await store.append([])
    fails = true
    await expect(store.append([])).rejects.toThrow('refused')
    expect(linesOf(await metrics.text())).toEqual(
      expect.arrayContaining([
        'matchday_commit_streams_count{service="tests"} 1',
        'matchday_commit_failures_total{service="tests"} 1',
      ]),
    )
  })
})

describe('docs/metrics.md', () => {
  const file = new URL('../../../../docs/metrics.md', import.meta.url)
  // What services count for themselves stands below; whoever knows them all looks after that.
  const [page = ''] = readFileSync(file, 'utf8').split('## What services count for themselves')

  const rowOf = ([name, { type, labels, help }]: readonly [string, MetricDefinition]) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`
  const rows = Object.entries(metricDefinitions).map(rowOf)
  const rowsOf = (text: string) =>
    text.split('\n').filter((line) => /^\| `matchday_\w+` \| (c|g|h)/.test(line))

  it('lists exactly the metrics that there are', () => {
    expect(rowsOf(page)).toEqual(rows)
  })

  it('would be found out if it did not', () => {
    expect(rowsOf(page.replace('| gauge |', '| counter |'))).not.toEqual(rows)
    expect(rowsOf(page.replace(/^\| `matchday_bus_up.*\n/m, ''))).not.toEqual(rows)
  })

  it('has names as Prometheus wants them', () => {
    for (const [name, { type }] of Object.entries(metricDefinitions)) {
      expect(name).toMatch(/^matchday_[a-z]+(_[a-z]+)*$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
    }
  })
})
