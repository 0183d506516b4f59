import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commands, envelopeOf, hold, workOn, type Worker } from './conformance-lab.ts'
import { createMemoryBus, type MemoryBus } from './memory.ts'
import { type Delivery, queueLimits } from './port.ts'

/** What may happen, in any order. `pick` chooses one of the deliveries that are held. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('enqueue' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pull' as const), worker: fc.nat(2), credits: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('ack', 'working'), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nak' as const), pick: fc.nat(), delayMs: fc.nat(900) }) },
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
  private readonly acked = new Map<string, number>()

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
    if (step.kind === 'working') return delivery.working()
    this.held = this.held.filter((other) => other !== delivery)
    if (step.kind === 'nak') delivery.nak('delayMs' in step ? step.delayMs : 0)
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

  async checkEnd(): Promise<void> {
    const letters = await this.bus.deadLetters(commands, 10_000)
    const ends = [...this.acked.keys(), ...letters.map((letter) => letter.envelope.id)]
    expect(ends.toSorted()).toEqual(this.sent.toSorted())
    expect(this.firstDeliveries).toEqual(this.sent)
    for (const attempts of this.attempts.values()) {
      expect(attempts).toEqual(attempts.map((_, index) => index + 1))
      expect(attempts.length).toBeLessThanOrEqual(queueLimits.deliveriesMax)
    }
    // Done twice is possible only for whoever was given it twice, and never within one delivery.
    for (const [id, times] of this.acked) expect(times).toBeLessThanOrEqual(this.attempts.get(id)?.length ?? 0)
  }

  private ack(delivery: Delivery): void {
    const { id } = delivery.envelope
    delivery.ack()
    // An ack is heard only while the bus is up, and after the last delivery it comes too late.
    if (this.bus.state === 'down') return
    this.acked.set(id, (this.acked.get(id) ?? 0) + 1)
  }

  private hire(work: (delivery: Delivery) => void = hold): Worker {
    const worker = workOn(this.bus, commands, 0, (delivery) => {
      const { id } = delivery.envelope
      if (delivery.attempt === 1) this.firstDeliveries.push(id)
      this.attempts.set(id, [...(this.attempts.get(id) ?? []), delivery.attempt])
      if (work === hold) this.held.push(delivery)
      work(delivery)
    })
    return worker
  }
}
