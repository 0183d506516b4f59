import { answerChecks } from './conformance-answers.ts'
import type { BusCheck, MakeBus } from './conformance-lab.ts'
import { queueChecks } from './conformance-queue.ts'
import { redeliveryChecks } from './conformance-redelivery.ts'
import { topicChecks } from './conformance-topics.ts'

export { type BusCheck, type BusUnderTest, conformanceLimits, type MakeBus } from './conformance-lab.ts'

/** What every bus must do, by a sentence that says so. Each check makes its own bus, and rejects when it doesn't hold. */
export const busChecks: Readonly<Record<string, BusCheck>> = {
  ...queueChecks,
  ...redeliveryChecks,
  ...answerChecks,
  ...topicChecks,
}

/** What a test runner offers; passed in, so that no test runner is imported where services run. */
export type TestRunner = {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}

/** Registers all checks for one adapter. */
export function busConformance(name: string, makeBus: MakeBus, runner: TestRunner): void {
  runner.describe(`${name}: the contract of a bus`, () => {
    for (const [sentence, check] of Object.entries(busChecks)) runner.it(sentence, () => check(makeBus))
  })
}
