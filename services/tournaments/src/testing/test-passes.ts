import type { Caller } from '@matchday/contracts'
import type { TournamentsConfig } from '../config.ts'
import { createNameKeys } from '../name-keys.ts'

const mark = 'signed '

/** A pass that says what it is good for; only what was signed here is one. */
export const passOf = (caller: Caller): string => `${mark}${JSON.stringify(caller)}`

/** Passes, keys and links that are the same in every run. */
export const testPasses = {
  signPass: passOf,
  verifyPass: (token) => (token.startsWith(mark) ? JSON.parse(token.slice(mark.length)) : null),
  joinUrl: (code) => `https://matchday.test/j/${code}`,
  nameKeyOf: createNameKeys(new TextEncoder().encode('key of tests')),
} as const satisfies Partial<TournamentsConfig>
