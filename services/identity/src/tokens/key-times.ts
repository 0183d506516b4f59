import { identityLimits } from '@matchday/contracts'

const day = 24 * 60 * 60

export const keyTimes = {
  /** A key signs for so long. */
  signsS: 30 * day,
  /** It is published for so long before it signs, that everybody who verifies has it. */
  publishedBeforeS: 60 * 60,
  /** And after it has signed, until all its tokens are over, with a minute for clocks that differ. */
  publishedAfterS: identityLimits.accessTokenS + 60,
} as const satisfies Record<string, number>

export type KeyTimes = { readonly [Name in keyof typeof keyTimes]: number }
