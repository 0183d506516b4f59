import { answerChecks } from './conformance-answers.ts'
import { deadLetterChecks, keptLetterChecks, withheldLetterChecks } from './conformance-dead-letters.ts'
import type { BusCheck, MakeBus } from './conformance-lab.ts'
import { queueChecks } from './conformance-queue.ts'
import { redeliveryChecks } from './conformance-redelivery.ts'
import { topicChecks } from './conformance-topics.ts'
import { isWrittenDown, type Lane, lanes } from './port.ts'

export { type BusCheck, type BusUnderTest, conformanceLimits, type MakeBus } from './conformance-lab.ts'

type Checks = Readonly<Record<string, BusCheck>>

/** What every bus must do, by a sentence that says so. Each check makes its own bus, and rejects when it doesn't hold. */
export const busChecks: Checks = { ...answerChecks, ...topicChecks }

/** The same for each lane. */
export const laneChecks: Readonly<Record<Lane, Checks>> = {
  commands: checksOn('commands'),
  private: checksOn('private'),
  queries: checksOn('queries'),
}

/** What a test runner offers; passed in, so that no test runner is imported where services run. */
export type TestRunner = {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}

/** Registers all checks for one adapter. */
export function busConformance(name: string, makeBus: MakeBus, runner: TestRunner): void {
  const register = (checks: Checks) => {
    for (const [sentence, check] of Object.entries(checks)) runner.it(sentence, () => check(makeBus))
  }
  runner.describe(`${name}: the contract of a bus`, () => register(busChecks))
  for (const lane of lanes) {
    runner.describe(`${name}: the contract of its lane ${lane}`, () => register(laneChecks[lane]))
  }
}

function checksOn(lane: Lane): Checks {
  const ofLetters = isWrittenDown[lane] ? keptLetterChecks : withheldLetterChecks
  const all = { ...queueChecks, ...redeliveryChecks, ...deadLetterChecks, ...ofLetters }
  const ofQueue = Object.entries(all).map(([sentence, check]) => [
    sentence,
    check({ service: 'tests', lane }),
  ])
  return Object.fromEntries(ofQueue)
}
