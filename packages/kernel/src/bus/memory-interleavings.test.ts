import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commands, envelopeOf, hold, type Worker, workOn } from './conformance-lab.ts'
import { createMemoryBus, type MemoryBus } from './memory.ts'
import { type Delivery, queueLimits } from './port.ts'

/** What may happen, in any order. `pick` chooses one of the deliveries that are held. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('enqueue' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pull' as const), worker: fc.nat(2), credits: fc.nat(4) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('ack', 'working'), pick: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('nak' as const), pick: fc.nat(), delayMs: fc.nat(900) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('terminate' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), worker: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.nat(1_500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('down', 'up') }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Runs the steps against a bus, lets everything come to rest, and fails if something is lost, doubled or disordered. */
async function proveInterleaving(steps: readonly Step[], bus: MemoryBus): Promise<void> {
  const world = new World(bus)
  for (const each of steps) {
    await world.take(each)
    await vi.advanceTimersByTimeAsync(0)
    world.checkCredits()
  }
  await world.comeToRest()
  await world.checkEnd()
  await bus.close()
}

class World {
  private readonly bus: MemoryBus
  private workers: Worker[]
  private readonly credits = new Map<Worker, number>()
  private held: Delivery[] = []
  private readonly sent: string[] = []
  private readonly attempts = new Map<string, number[]>()
  private readonly firstDeliveries: string[] = []
  private readonly acked = new Set<string>()
  private readonly deliveredAfterAck: string[] = []

  constructor(bus: MemoryBus) {
    this.bus = bus
    this.workers = [this.hire(), this.hire(), this.hire()]
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'enqueue': {
        const envelope = envelopeOf('any')
        if (this.bus.state === 'up') this.sent.push(envelope.id)
        await this.bus.enqueue(commands, envelope).catch(() => {})
        return
      }
      case 'pull': {
        const worker = this.workers[step.worker]!
        this.credits.set(worker, (this.credits.get(worker) ?? 0) + step.credits)
        worker.consumer.pull(step.credits)
        return
      }
      case 'crash':
        // What it held is not ended by anybody.
        await this.workers[step.worker]?.consumer.close()
        this.workers[step.worker] = this.hire()
        return
      case 'time':
        await vi.advanceTimersByTimeAsync(step.ms)
        return
      case 'down':
      case 'up':
        this.bus.setState(step.kind)
        return
      default:
        this.end(step)
    }
  }

  private end(step: Extract<Step, { pick: number }>): void {
    const delivery = this.held[step.pick % Math.max(1, this.held.length)]
    if (delivery === undefined) return
    if (step.kind !== 'working') this.held = this.held.filter((other) => other !== delivery)
    if (step.kind === 'working') delivery.working()
    else if (step.kind === 'nak') delivery.nak('delayMs' in step ? step.delayMs : 0)
    else if (step.kind === 'terminate') delivery.terminate('planted')
    else this.ack(delivery)
  }

  checkCredits(): void {
    for (const [worker, credits] of this.credits) expect(worker.got.all.length).toBeLessThanOrEqual(credits)
  }

  /** Time passes for what is held, and a consumer that works takes all that is left. */
  async comeToRest(): Promise<void> {
    this.bus.setState('up')
    for (const worker of this.workers) await worker.consumer.close()
    this.hire((delivery) => this.ack(delivery)).consumer.pull(10_000)
    await vi.advanceTimersByTimeAsync(3 * queueLimits.ackWaitMs)
  }

  /** Everything that was sent is done or a dead letter, nothing else is, and first deliveries came in order. */
  async checkEnd(): Promise<void> {
    const letters = (await this.bus.deadLetters(commands, 10_000)).map((letter) => letter.envelope.id)
    expect(new Set(letters).size).toBe(letters.length)
    expect([...new Set([...this.acked, ...letters])].toSorted()).toEqual(this.sent.toSorted())
    expect(this.firstDeliveries).toEqual(this.sent)
    for (const attempts of this.attempts.values()) {
      expect(attempts).toEqual(attempts.map((_, index) => index + 1))
      expect(attempts.length).toBeLessThanOrEqual(queueLimits.deliveriesMax)
    }
    expect(this.deliveredAfterAck).toEqual([])
  }

  private ack(delivery: Delivery): void {
    delivery.ack()
    // While the bus is down, nobody hears it.
    if (this.bus.state === 'up') this.acked.add(delivery.envelope.id)
  }

  private hire(work: (delivery: Delivery) => void = hold): Worker {
    return workOn(this.bus, commands, 0, (delivery) => {
      const { id } = delivery.envelope
      if (this.acked.has(id)) this.deliveredAfterAck.push(id)
      if (delivery.attempt === 1) this.firstDeliveries.push(id)
      this.attempts.set(id, [...(this.attempts.get(id) ?? []), delivery.attempt])
      if (work === hold) this.held.push(delivery)
      work(delivery)
    })
  }
}

function interleavings(makeBus: () => MemoryBus) {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
    proveInterleaving(steps, makeBus()),
  )
  return fc.check(property, { numRuns: 150 })
}

/** A bus that does something else with what it delivers. */
function withDeliveries(
  change: (delivery: Delivery, onDelivery: (delivery: Delivery) => void) => void,
): MemoryBus {
  const bus = createMemoryBus()
  const consume = bus.consume.bind(bus)
  bus.consume = (queue, onDelivery) => consume(queue, (delivery) => change(delivery, onDelivery))
  return bus
}

describe('whatever happens in whatever order', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('each envelope is done or a dead letter, once, and first deliveries come in order', async () => {
    const result = await interleavings(() => createMemoryBus({ freeze: true }))
    expect(fc.defaultReportMessage(result)).toBeUndefined()
  })

  it('and a bus that loses what is handed back is found out', async () => {
    const losing = () =>
      withDeliveries((delivery, onDelivery) => {
        const { ack, working, terminate } = delivery
        const end = {
          ack: ack.bind(delivery),
          working: working.bind(delivery),
          terminate: terminate.bind(delivery),
        }
        onDelivery({ envelope: delivery.envelope, attempt: delivery.attempt, ...end, nak: end.ack })
      })
    expect((await interleavings(losing)).failed).toBe(true)
  })

  it('and a bus that delivers twice is found out', async () => {
    const doubling = () => withDeliveries((delivery, onDelivery) => [delivery, delivery].forEach(onDelivery))
    expect((await interleavings(doubling)).failed).toBe(true)
  })
})
