import { type Caller, isId, type PlayerId, type TournamentId } from '@matchday/contracts'
import { importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { readCompactToken } from './compact-token.ts'

/** Only these have such tokens. */
export type TokenHolder = Extract<Caller, { kind: 'organizer' | 'player' }>

/**
 * Capability tokens: whoever holds one is the organiser or the player that it names, in one tournament.
 * Signed JWTs (EdDSA). They carry no time, so that the same holder always gets the same token: a join that is sent
 * twice is answered with the same pass, and no token is ever stored. They end with the seat: the service that owns
 * the tournament refuses a removed player and a pass that was moved.
 */
export type Tokens = TokenVerifier & {
  sign(holder: TokenHolder): Promise<string>
}

/** All that an edge needs: whoever takes it over can make no token. */
export type TokenVerifier = {
  /** `null` for anything that is not a good token: forged, of another key or kind, malformed, too long. */
  verify(token: string): Promise<Caller | null>
  /** Whose a token is that was found good before, as far as that is remembered: costs nothing. */
  known(token: string): Caller | undefined
}

const algorithm = 'EdDSA'
const type = 'matchday-pass+jwt'
const party = 'matchday'
const tokenLengthMax = 1_024
/** Verified (or just signed) tokens, so that a player's second request costs no signature check. */
const rememberedMax = 20_000

/** `privateJwk`: an Ed25519 key (`kty: OKP`, with `d`). */
export async function createTokens(privateJwk: JWK): Promise<Tokens> {
  const { d: _private, ...publicJwk } = privateJwk
  const { kid } = privateJwk
  const remembered = new RememberedTokens()
  const [signingKey, verifier] = await Promise.all([
    importJWK(privateJwk, algorithm),
    createVerifier(publicJwk, remembered),
  ])
  return {
    ...verifier,
    async sign(holder) {
      const token = await new SignJWT(claimsOf(holder))
        .setProtectedHeader({ alg: algorithm, typ: type, ...(kid === undefined ? {} : { kid }) })
        .setIssuer(party)
        .setAudience(party)
        .sign(signingKey)
      remembered.add(token, holder)
      return token
    },
  }
}

/** `publicJwk`: the same key without `d`. */
export function createTokenVerifier(publicJwk: JWK): Promise<TokenVerifier> {
  return createVerifier(publicJwk, new RememberedTokens())
}

async function createVerifier(publicJwk: JWK, remembered: RememberedTokens): Promise<TokenVerifier> {
  const verifyingKey = await importJWK(publicJwk, algorithm)
  return {
    known: (token) => remembered.get(token),
    async verify(token) {
      const known = remembered.get(token)
      if (known) return known
      if (readCompactToken(token, tokenLengthMax) === null) return null
      try {
        const { payload } = await jwtVerify(token, verifyingKey, {
          algorithms: [algorithm],
          typ: type,
          issuer: party,
          audience: party,
        })
        const caller = callerOf(payload)
        if (caller) remembered.add(token, caller)
        return caller
      } catch {
        // Whatever is wrong with it, the caller learns only that it is not good.
        return null
      }
    },
  }
}

class RememberedTokens {
  private readonly callers = new Map<string, Caller>()

  get(token: string): Caller | undefined {
    return this.callers.get(token)
  }

  add(token: string, caller: Caller): void {
    if (this.callers.size >= rememberedMax) this.callers.delete(this.callers.keys().next().value!)
    this.callers.set(token, caller)
  }
}

function claimsOf(holder: TokenHolder): JWTPayload {
  switch (holder.kind) {
    case 'organizer':
      return { sub: 'organizer', tournament: holder.tournamentId }
    case 'player':
      return { sub: holder.playerId, tournament: holder.tournamentId, pass: holder.pass }
    default:
      return holder satisfies never
  }
}

function callerOf(payload: JWTPayload): Caller | null {
  const { sub, tournament, pass } = payload
  if (!isId(tournament)) return null
  // Checked by isId, of which kind it is says the claim's name.
  const tournamentId = tournament as TournamentId
  if (sub === 'organizer') return { kind: 'organizer', tournamentId }
  if (!isId(sub) || typeof pass !== 'number' || !Number.isInteger(pass) || pass < 1) return null
  return { kind: 'player', tournamentId, playerId: sub as PlayerId, pass }
}
