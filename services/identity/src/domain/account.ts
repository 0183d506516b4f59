import {
  identityLimits,
  nameLengthMax,
  nameProblem,
  normalizeName,
  type PlatformRole,
  type Realm,
} from '@matchday/contracts'

export type Language = 'en' | 'de'

/** A row of accounts. */
export type Account = {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly language: Language
  readonly passwordHash: string | null
  readonly confirmedAt: Date | null
  readonly generation: number
  readonly phone: string | null
  readonly platformRole: PlatformRole | null
  readonly showsFullName: boolean
  readonly createdAt: Date
}

const dayMs = 24 * 60 * 60 * 1_000

/** When a session ends by itself: when it was not used for long, or is old. */
export function sessionEnd(realm: Realm, beganAt: Date, usedAt: Date): Date {
  const idle = usedAt.getTime() + identityLimits.idleDays[realm] * dayMs
  const old = beganAt.getTime() + identityLimits.sessionDays[realm] * dayMs
  return new Date(Math.min(idle, old))
}

/** Names that another service tells, made to fit ours; null when nothing is left. */
export function fittingName(told: unknown): string | null {
  if (typeof told !== 'string') return null
  const name = [...normalizeName(told)].slice(0, nameLengthMax.person).join('').trim()
  return nameProblem(name, 'person') === undefined ? name : null
}
