import { type Clock, Fault } from '@matchday/kernel'
import * as oidc from 'openid-client'
import type { OidcConfig } from '../config.ts'
import type { DerivedKeys } from '../tokens/derived-keys.ts'

export const oidcLimits = {
  /** What the other service says about itself is read anew after so long. */
  discoveryMs: 60 * 60 * 1_000,
  /** For one answer of the other service. */
  timeoutS: 5,
} as const

/** Who somebody is, as the other service says. */
export type OidcPerson = {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  readonly isEmailVerified: boolean
  readonly firstName: unknown
  readonly lastName: unknown
  readonly name: unknown
}
/** What the browser came back with. */
export type OidcReturn = { readonly code: string; readonly state: string; readonly iss?: string | undefined }

export type OidcClient = {
  /** Where to send the browser. Throws Fault `unavailable` when the other service can't be reached. */
  start(attemptId: string): Promise<string>
  /** Null: it did not confirm who somebody is, or not to us, or not for this attempt. Throws as `start`. */
  finish(attemptId: string, returned: OidcReturn): Promise<OidcPerson | null>
}

/**
 * OpenID Connect with the code flow, PKCE, state and nonce. These three are derived from the attempt's id: so nothing
 * is stored that could finish an attempt, and an attempt is bound to the browser that has its handle.
 */
export function createOidcClient(config: OidcConfig, keys: DerivedKeys, clock: Clock): OidcClient {
  const secret = (attemptId: string, use: 'state' | 'nonce' | 'verifier') =>
    keys.mac('oidc', attemptId, use).toString('base64url')
  const discovered = createDiscovery(config, clock)

  return {
    async start(attemptId) {
      const provider = await discovered()
      const challenge = await oidc.calculatePKCECodeChallenge(secret(attemptId, 'verifier'))
      const url = oidc.buildAuthorizationUrl(provider, {
        redirect_uri: config.redirectUrl(),
        scope: 'openid email profile',
        state: secret(attemptId, 'state'),
        nonce: secret(attemptId, 'nonce'),
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      return url.href
    },

    async finish(attemptId, returned) {
      const provider = await discovered()
      try {
        const tokens = await oidc.authorizationCodeGrant(provider, currentUrl(config, returned), {
          pkceCodeVerifier: secret(attemptId, 'verifier'),
          expectedState: secret(attemptId, 'state'),
          expectedNonce: secret(attemptId, 'nonce'),
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) return null
        const told = await toldOf(provider, tokens.access_token, claims)
        return personOf(claims, told)
      } catch {
        // A code that was used, another state, a signature that is wrong: whoever comes with it is nobody.
        return null
      }
    },
  }
}

function createDiscovery(config: OidcConfig, clock: Clock): () => Promise<oidc.Configuration> {
  let known: { readonly provider: oidc.Configuration; readonly atMs: number } | undefined
  return async () => {
    if (known !== undefined && clock.now() - known.atMs < oidcLimits.discoveryMs) return known.provider
    const { issuer, clientId, clientSecret, isInsecureAllowed } = config
    try {
      const provider = await oidc.discovery(
        new URL(issuer),
        clientId,
        clientSecret,
        clientSecret === undefined ? oidc.None() : undefined,
        {
          timeout: oidcLimits.timeoutS,
          execute: [
            // The signature counts, too: the library alone would rest on the line that the token came by.
            oidc.enableNonRepudiationChecks,
            ...(isInsecureAllowed === true ? [oidc.allowInsecureRequests] : []),
          ],
        },
      )
      known = { provider, atMs: clock.now() }
      return provider
    } catch (cause) {
      throw new Fault('unavailable', `The service that people sign in with can’t be reached: ${issuer}`, {
        retryable: true,
        cause,
      })
    }
  }
}

function currentUrl({ redirectUrl }: OidcConfig, { code, state, iss }: OidcReturn): URL {
  const url = new URL(redirectUrl())
  url.searchParams.set('code', code)
  url.searchParams.set('state', state)
  if (iss !== undefined) url.searchParams.set('iss', iss)
  return url
}

/** Many services tell the address only when they are asked once more. */
async function toldOf(
  provider: oidc.Configuration,
  accessToken: string,
  claims: oidc.IDToken,
): Promise<Readonly<Record<string, unknown>>> {
  if (claims.email !== undefined || provider.serverMetadata().userinfo_endpoint === undefined) return claims
  return { ...claims, ...(await oidc.fetchUserInfo(provider, accessToken, claims.sub)) }
}

function personOf({ iss, sub }: oidc.IDToken, told: Readonly<Record<string, unknown>>): OidcPerson {
  return {
    issuer: iss,
    subject: sub,
    email: typeof told.email === 'string' ? told.email : null,
    // Nothing but a plain `true` will do: "true" is what careless services say.
    isEmailVerified: told.email_verified === true,
    firstName: told.given_name,
    lastName: told.family_name,
    name: told.name,
  }
}
