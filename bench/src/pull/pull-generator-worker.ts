import { setTimeout as delay } from 'node:timers/promises'
import { newId, tournamentOperations } from '@matchday/contracts'
import { type Bus, createRequester, type NatsBus, type Reply } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { type Costs, drawCosts, poissonArrivals, seededRandom } from './arrivals.ts'
import { connectedBus } from './connected-bus.ts'
import { forwarded, pushBus } from './push-bus.ts'
import { queue, type Variant } from './variants.ts'

export type GeneratorQuestion =
  | { readonly connect: string; readonly instances: number }
  | {
      readonly offer: Variant
      readonly perSecond: number
      readonly durationMs: number
      readonly seed: number
      readonly costs: Costs
    }
export type Offered = {
  readonly requests: readonly SentRequest[]
  /** Answers that came, by request id. */
  readonly answers: ReadonlyMap<string, number>
}
export type SentRequest = {
  readonly id: string
  readonly outcome: 'ok' | 'failed'
  /** When it was to arrive, after the start. */
  readonly atMs: number
  /** From that moment on, whatever kept it from being sent then. */
  readonly latencyMs: number
}

/** Whoever has waited for so long has gone. */
export const timeoutMs = 5_000
/** What comes after the last request has been told something. */
const afterMs = 300
/** Any operation would do; that it is a command makes it take the commands' lane. */
const operation = { ...tournamentOperations.pickTeam, service: queue.service }

let bus: NatsBus
let place = { url: '', instances: 1 }

async function answer(question: GeneratorQuestion): Promise<Offered | null> {
  if ('connect' in question) {
    place = { url: question.connect, instances: question.instances }
    bus = await connectedBus(place.url, 'gateway')
    return null
  }
  const { offer: variant } = question
  if (variant.how === 'pull') return offer(bus, question)
  const push = await pushBus(bus, place.url, variant.kind, place.instances)
  try {
    return await offer(push.bus, question)
  } finally {
    await push.close()
  }
}

type Load = { perSecond: number; durationMs: number; seed: number; costs: Costs }

/** Open loop: requests come when they come, however the earlier ones fare. */
async function offer(over: Bus, { perSecond, durationMs, seed, costs }: Load): Promise<Offered> {
  const random = seededRandom(seed)
  const arrivals = poissonArrivals(perSecond, durationMs, random)
  const dues = drawCosts(arrivals.length, costs, random)
  const answers = new Map<string, number>()
  const requester = createRequester({
    bus: counting(over, answers),
    newId,
    // Nobody is turned away: who must wait, and for how long, is what is measured.
    limits: { pendingPerQueueMax: 10_000, pendingPerQueueMin: 10_000 },
  })
  const begun = performance.now()
  const sent: Promise<SentRequest>[] = []
  for (let next = 0; next < arrivals.length; ) {
    const now = performance.now() - begun
    for (; next < arrivals.length && arrivals[next]! <= now; next++) {
      const [id, dueAt] = [newId(), begun + arrivals[next]!]
      const call = { id, input: { costMs: dues[next]! }, caller: { kind: 'anyone' }, timeoutMs } as const
      sent.push(
        requester.request(operation, call).then((reply) => requestOf(id, dueAt - begun, begun, reply)),
      )
    }
    if (next < arrivals.length) await delay(Math.max(0, arrivals[next]! - (performance.now() - begun)))
  }
  const requests = await Promise.all(sent)
  await delay(afterMs)
  await requester.close()
  return { requests, answers }
}

/** Who got no answer waited in vain until the time was up, and perhaps longer. */
function requestOf(id: string, atMs: number, begun: number, reply: Reply): SentRequest {
  const latencyMs = performance.now() - begun - atMs
  return reply.kind === 'ok'
    ? { id, outcome: 'ok', atMs, latencyMs }
    : { id, outcome: 'failed', atMs, latencyMs: Math.max(timeoutMs, latencyMs) }
}

/** Sees every answer that comes, also those that nobody waits for. */
function counting(over: Bus, answers: Map<string, number>): Bus {
  const itemsOf = new Map<string, readonly string[]>()
  return {
    ...forwarded(over),
    enqueue(to, envelope, signal) {
      itemsOf.set(
        envelope.id,
        envelope.items.map(({ id }) => id),
      )
      return over.enqueue(to, envelope, signal)
    },
    openInbox: (onReply) =>
      over.openInbox((message) => {
        const items = itemsOf.get(message.envelope)
        for (const { index } of message.replies) {
          const id = items?.[index] ?? `unknown ${message.envelope}`
          answers.set(id, (answers.get(id) ?? 0) + 1)
        }
        onReply(message)
      }),
  }
}

answerQuestions(answer, async () => {
  await bus?.close()
})
