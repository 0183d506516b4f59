import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

const client = { id: 'matchday', secret: 'known to both, and to nobody else' }
const ttlS = 600
const redirectUrl = 'https://matchday.test/staff/oidc'

export type PeerPerson = { readonly sub: string; readonly [claim: string]: unknown }

/** Another service that people sign in with: a real OpenID provider in this process, in which everybody says yes. */
export async function startOidcPeer() {
  let person: PeerPerson = { sub: 'nobody' }
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listens nowhere')
  const issuer = `http://127.0.0.1:${address.port}`
  const provider = await providerAt(issuer, () => person)
  const answer = provider.callback()
  handle = (request, response) => {
    const answered = request.url?.startsWith('/interaction/')
      ? provider.interactionFinished(request, response, { login: { accountId: person.sub } })
      : answer(request, response)
    answered.catch(() => response.destroy())
  }

  return {
    config: {
      name: 'Peer',
      issuer,
      clientId: client.id,
      clientSecret: client.secret,
      redirectUrl: () => redirectUrl,
      isInsecureAllowed: true,
    },
    /** Signs in there as somebody, as a browser does; what it comes back with. */
    async visit(url: string, as: PeerPerson): Promise<Record<'code' | 'state' | 'iss', string>> {
      person = as
      const back = await follow(url)
      const at = (name: string) => back.searchParams.get(name) ?? ''
      return { code: at('code'), state: at('state'), iss: at('iss') }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function providerAt(issuer: string, person: () => PeerPerson): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUrl],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'peer', alg: 'RS256', use: 'sig' }] },
    ttl: { Interaction: ttlS, Grant: ttlS, Session: ttlS, AccessToken: ttlS, IdToken: ttlS },
    cookies: { keys: ['of tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name'],
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ ...person(), sub: id }) }),
    loadExistingGrant: async ({ oidc }) => {
      const { client: known, session } = oidc
      if (known === undefined || session?.accountId === undefined) return undefined
      const grant = new oidc.provider.Grant({ clientId: known.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
}

/** A new browser: follows until it is sent back to us. */
async function follow(start: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`the peer answers ${response.status}: ${await response.text()}`)
    url = new URL(location, url)
    if (url.href.startsWith(redirectUrl)) return url
  }
  throw new Error('the peer sends in circles')
}
