import { setTimeout as delay } from 'node:timers/promises'
import type { NatsBus } from '@matchday/kernel'
import { answerQuestions } from '../answer-questions.ts'
import { pickEvent } from '../live/publications.ts'
import { connectedBus } from '../pull/connected-bus.ts'

export type PublisherQuestion =
  | { readonly connect: string }
  | { readonly publish: { readonly perSecond: number; readonly durationMs: number } }
/** How many, and the version of the last. */
export type Published = { readonly updates: number; readonly version: number }

let bus: NatsBus
let version = 1

async function answer(question: PublisherQuestion): Promise<Published> {
  if ('connect' in question) {
    bus = await connectedBus(question.connect, 'tournaments', ['tournaments'])
    return { updates: 0, version }
  }
  const { perSecond, durationMs } = question.publish
  const updates = Math.floor((perSecond * durationMs) / 1_000)
  const begun = performance.now()
  // Each when it is due, whatever became of those before.
  const published: Promise<void>[] = []
  for (let sent = 0; sent < updates; ) {
    const due = Math.min(updates, Math.ceil(((performance.now() - begun) * perSecond) / 1_000))
    for (; sent < due; sent++) published.push(bus.publishEvents([pickEvent(++version)]))
    await delay(1)
  }
  await Promise.all(published)
  return { updates, version }
}

answerQuestions(answer, async () => {
  await bus?.close()
})
