import { joinCodeAlphabet, joinCodeLength } from '@matchday/contracts'
import type { ServiceDefinition } from '@matchday/kernel'
import { defineTournaments } from '../service.ts'
import { numberedHex256, numberedId } from './people.ts'
import { testPasses } from './test-passes.ts'

/**
 * The service with numbers where there is chance: every id, seed and code is new, and the same in every run.
 */
export function countingService(firstNumber = 1): ServiceDefinition {
  let number = firstNumber
  return defineTournaments({
    ...testPasses,
    newId: <Kind extends string>() => numberedId<Kind>(number++),
    randomHex256: () => numberedHex256(0x5eed_0000_0000 + number++),
    randomJoinCode: () => codeOf(number++),
  })
}

function codeOf(number: number): string {
  const base = joinCodeAlphabet.length
  const digits = Array.from(
    { length: joinCodeLength },
    (_, place) => Math.floor(number / base ** place) % base,
  )
  return digits.map((digit) => joinCodeAlphabet[digit]).join('')
}
