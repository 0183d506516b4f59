import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { systemClock } from '@matchday/kernel'
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deriveKeys } from '../tokens/derived-keys.ts'
import { createOidcClient, type OidcPerson } from './oidc-client.ts'

type Claims = Record<string, unknown>
/** How the other service lies. */
type Lie = {
  readonly metadata?: (true_: Claims) => Claims
  readonly claims?: (true_: Claims) => Claims
  readonly token?: (claims: Claims) => Promise<string>
  readonly redirects?: readonly string[]
}

const clientId = 'matchday'
const attemptId = '01900000-0000-7000-8000-000000000001'
const callback = 'https://matchday.test/office/return'
const minutes = (count: number) => Math.floor(Date.now() / 1_000) + count * 60

/** As much of another service as is needed to lie in each of its answers. */
describe('what another service says', () => {
  let server: Server
  let issuer: string
  let keys: { readonly own: CryptoKey; readonly others: CryptoKey; readonly published: JWK }
  let lie: Lie = {}
  let nonce = ''
  let fetched: string[] = []

  beforeAll(async () => {
    const [own, others] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])
    const published = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
    keys = { own: own.privateKey, others: others.privateKey, published }
    server = createServer((request, response) => void answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('listens nowhere')
    issuer = `http://127.0.0.1:${address.port}`
  })
  beforeEach(() => {
    lie = {}
    fetched = []
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  const signed = (claims: Claims, key = keys.own, header: Claims = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own', ...header }).sign(key)

  async function answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = url.split('?')
    fetched.push(path)
    const say = (body: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (lie.redirects?.includes(path)) {
      response.writeHead(302, { location: `${issuer}/elsewhere${path}` }).end()
    } else if (path.endsWith('/.well-known/openid-configuration')) {
      const metadata = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        authorization_response_iss_parameter_supported: true,
      }
      say(lie.metadata?.(metadata) ?? metadata)
    } else if (path.endsWith('/jwks')) say({ keys: [keys.published] })
    else if (path.endsWith('/token')) {
      const claims = { iss: issuer, aud: clientId, sub: 'ada', nonce, iat: minutes(0), exp: minutes(5) }
      const told = lie.claims?.(claims) ?? claims
      say({ access_token: 'x', token_type: 'bearer', id_token: await (lie.token ?? signed)(told) })
    } else response.writeHead(404).end()
  }

  async function come(iss = issuer): Promise<OidcPerson | null> {
    const config = { name: 'Peer', issuer, clientId, redirectUrl: () => callback, isInsecureAllowed: true }
    const client = createOidcClient(config, deriveKeys('x'.repeat(32), 'staff'), systemClock)
    const { searchParams } = new URL(await client.start(attemptId))
    nonce = searchParams.get('nonce') ?? ''
    return client.finish(attemptId, { code: 'code', state: searchParams.get('state') ?? '', iss })
  }

  it('is believed when all of it is right', async () => {
    expect(await come()).toMatchObject({ issuer, subject: 'ada', email: null })
  })

  const lies: Record<string, Lie> = {
    'is for somebody else': { claims: (claims) => ({ ...claims, aud: 'another' }) },
    'is for nobody': { claims: ({ aud: _, ...claims }) => claims },
    'is for us and others, and made for one of them': {
      claims: (claims) => ({ ...claims, aud: [clientId, 'another'], azp: 'another' }),
    },
    'is of another issuer': { claims: (claims) => ({ ...claims, iss: 'https://mix-up.test' }) },
    'is of another attempt': { claims: (claims) => ({ ...claims, nonce: 'another' }) },
    'is of no attempt': { claims: ({ nonce: _, ...claims }) => claims },
    'is over': { claims: (claims) => ({ ...claims, exp: minutes(-5) }) },
    'has no end': { claims: ({ exp: _, ...claims }) => claims },
    'is about nobody': { claims: ({ sub: _, ...claims }) => claims },
    'is not signed': { token: async (claims) => new UnsecuredJWT(claims).encode() },
    'is signed with the public key as a secret': {
      token: (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'own' })
          .sign(new TextEncoder().encode(JSON.stringify(keys.published))),
    },
    'is signed by somebody else': { token: (claims) => signed(claims, keys.others) },
    'brings its own key': {
      token: async (claims) => signed(claims, keys.others, { kid: 'mine', jwk: keys.published }),
    },
    'was changed on its way': {
      token: async (claims) => (await signed(claims)).replace(/.{5}\.([^.]+)$/, 'AAAAA.$1'),
    },
    'is no token': { token: async () => 'nothing' },
    'comes from elsewhere': { redirects: ['/token'] },
    'is signed with keys from elsewhere': { redirects: ['/jwks'] },
  }
  it.each(Object.entries(lies))('is not believed when it %s', async (_, told) => {
    lie = told
    expect(await come()).toBeNull()
    expect(fetched.filter((path) => path.startsWith('/elsewhere'))).toEqual([])
  })

  it('about itself must be of the very issuer that was configured, and from there', async () => {
    for (const told of [
      { metadata: (metadata: Claims) => ({ ...metadata, issuer: `${issuer}/realms/club` }) },
      { metadata: (metadata: Claims) => ({ ...metadata, issuer: 'https://mix-up.test' }) },
      { redirects: ['/.well-known/openid-configuration'] },
    ]) {
      lie = told
      await expect(come()).rejects.toMatchObject({ code: 'unavailable' })
    }
    expect(fetched.filter((path) => path.startsWith('/elsewhere'))).toEqual([])
    lie = {}
    expect(await come('https://mix-up.test')).toBeNull()
  })
})
