import { createHmac } from 'node:crypto'
import type { Caller } from '@matchday/contracts'
import type { TournamentsConfig } from '../config.ts'

const mark = 'signed '

/** A pass that says what it is good for; only what was signed here is one. */
export const passOf = (caller: Caller): string => `${mark}${JSON.stringify(caller)}`

/** Passes and keys that are the same in every run. */
export const testPasses = {
  signPass: passOf,
  verifyPass: (token) => (token.startsWith(mark) ? JSON.parse(token.slice(mark.length)) : null),
  nameKeyOf: (id, wholeName) =>
    createHmac('sha256', 'key of tests').update(`${id}\n${wholeName}`).digest('hex'),
} as const satisfies Partial<TournamentsConfig>
