import { createPuller, type NatsBus, type Puller, type Reply, runnerLimits } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { connectedBus } from './connected-bus.ts'
import { pushedBus } from './push-bus.ts'
import { queue, type Variant } from './variants.ts'
import { createWorkplace } from './workplace.ts'

export type InstanceQuestion =
  | { readonly connect: string; readonly index: number }
  /** From now on this instance works, in this way; `speed` 1 is full speed. */
  | { readonly begin: Variant; readonly speed: number }
  | { readonly end: true }
/** Ids of the requests that were worked on, those that came twice twice. */
export type InstanceAnswer = readonly string[]

let bus: NatsBus
let place = { url: '', index: 0 }
let stops: (() => Promise<unknown>)[] = []
let worked: string[] = []

async function answer(question: InstanceQuestion): Promise<InstanceAnswer> {
  if ('connect' in question) {
    place = { url: question.connect, index: question.index }
    bus = await connectedBus(place.url, 'bench', [queue.service])
  } else if ('begin' in question) {
    await begin(question.begin, question.speed)
  } else {
    for (const stop of stops) await stop()
    stops = []
  }
  return worked
}

async function begin(variant: Variant, speed: number): Promise<void> {
  worked = []
  const workplace = createWorkplace(speed)
  const handle: Parameters<typeof createPuller>[0]['handle'] = async ({
    id,
    input,
    deadlineAt,
  }): Promise<Reply> => {
    if (!(await workplace.work(Number(input.costMs), deadlineAt)))
      return { kind: 'fault', code: 'timed-out', retryable: true }
    worked.push(id)
    return { kind: 'ok', body: null }
  }
  let puller: Puller
  if (variant.how === 'pull') {
    const { workAheadMs } = variant
    const limits = workAheadMs === undefined ? {} : { workAheadMs }
    puller = createPuller({ bus, queue, capacityItems: runnerLimits.capacityItems, handle, limits })
    stops = [() => puller.stop()]
  } else {
    const pushed = await pushedBus(bus, place.url, variant.kind, place.index)
    const limits = { workAheadMs: Number.POSITIVE_INFINITY }
    puller = createPuller({ bus: pushed.bus, queue, capacityItems: Number.MAX_SAFE_INTEGER, handle, limits })
    stops = [() => puller.stop(), () => pushed.close()]
  }
}

answerQuestions(answer, async () => {
  for (const stop of stops) await stop()
  await bus?.close()
})
