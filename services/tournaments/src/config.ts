import {
  type Caller,
  type Id,
  joinCodeAlphabet,
  joinCodeLength,
  newId,
  type TournamentId,
} from '@matchday/contracts'

/** Whom a tournament gives passes to. */
export type PassHolder = Extract<Caller, { kind: 'organizer' | 'player' }>

/** What the service needs from the outside. Everything that is random can be replaced by tests. */
export type TournamentsConfig = {
  /** The signed token of whoever holds it; the same holder must give the same token. */
  readonly signPass: (holder: PassHolder) => Promise<string> | string
  /** Whose a token is that was given in a body; null: it is none of ours. */
  readonly verifyPass: (token: string) => Promise<Caller | null> | Caller | null
  /**
   * HMAC of a tournament and a whole name, under a key that only this service has: it says whether two names are the
   * same, and not what they are. A new key forgets who was the same as whom.
   */
  readonly nameKeyOf: (id: TournamentId, wholeName: string) => string
  /** The address that a join code's QR code holds. */
  readonly joinUrl: (code: string) => string
  readonly newId?: <Kind extends string>() => Id<Kind>
  /** 32 random bytes as 64 lower-case hexadecimal digits. */
  readonly randomHex256?: () => string
  readonly randomJoinCode?: () => string
}

export type CompleteTournamentsConfig = Required<TournamentsConfig>

export function completeConfig(config: TournamentsConfig): CompleteTournamentsConfig {
  return {
    // Without an argument: an id holds the time at which it is made.
    newId: <Kind extends string>() => newId<Kind>(),
    randomHex256: randomHex256,
    randomJoinCode: randomJoinCode,
    ...config,
  }
}

function randomHex256(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Every code is equally likely: bytes past the last whole round of the alphabet are thrown away. */
function randomJoinCode(): string {
  const limit = 256 - (256 % joinCodeAlphabet.length)
  let code = ''
  while (code.length < joinCodeLength) {
    for (const byte of crypto.getRandomValues(new Uint8Array(2 * joinCodeLength))) {
      if (byte < limit && code.length < joinCodeLength)
        code += joinCodeAlphabet[byte % joinCodeAlphabet.length]
    }
  }
  return code
}
