import { systemClock } from '@matchday/kernel'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { everyColumn } from '../testing/every-column.ts'
import {
  bodyOf,
  codeOf,
  type IdentityLab,
  type LabOptions,
  openIdentityLab,
} from '../testing/identity-lab.ts'
import { type PeerPerson, startOidcPeer } from '../testing/oidc-peer.ts'
import { callerOf, goodPassword, register, type SessionBody } from '../testing/people.ts'

type Peer = Awaited<ReturnType<typeof startOidcPeer>>
type Started = { url: string; handle: string }

const ada: PeerPerson = {
  sub: 'subject-of-ada',
  email: 'ada@example.org',
  email_verified: true,
  given_name: 'Ada',
  family_name: 'Lovelace',
}

describe('signing in with another service', () => {
  let peer: Peer
  const labs: IdentityLab[] = []
  beforeAll(async () => {
    peer = await startOidcPeer()
  })
  afterEach(async () => {
    for (const lab of labs.splice(0)) await lab.close()
  })
  afterAll(() => peer.stop())

  const open = async (options: LabOptions = {}) => {
    // The peer's tokens are of now.
    const lab = await openIdentityLab({ oidc: peer.config, clock: systemClock, ...options })
    labs.push(lab)
    return lab
  }
  const start = async (lab: IdentityLab) => bodyOf<Started>(await lab.call('startStaffOidc'))
  async function signIn(lab: IdentityLab, person: PeerPerson) {
    const { url, handle } = await start(lab)
    return lab.call('finishStaffOidc', { handle, ...(await peer.visit(url, person)) })
  }

  it('makes an account, and leads to the same one ever after, whatever the address is then', async () => {
    const lab = await open()
    expect(await lab.call('getStaffSignIn')).toMatchObject({ body: { oidc: 'Peer' } })
    const first = bodyOf<SessionBody>(await signIn(lab, ada))
    const by = callerOf('staff', first)
    expect(await lab.call('getStaffProfile', {}, { by })).toMatchObject({
      body: { email: ada.email, firstName: 'Ada', lastName: 'Lovelace', hasPassword: false },
    })
    expect((await lab.events(first.accountId)).map(({ type }) => type)).toEqual(['account-created'])
    const again = bodyOf<SessionBody>(
      await signIn(lab, { ...ada, email: 'moved@example.org', email_verified: false }),
    )
    expect(again.accountId).toBe(first.accountId)
    expect(again.sessionId).not.toBe(first.sessionId)
    // There is no password that could be tried.
    expect(
      codeOf(await lab.call('signInStaff', { email: ada.email as string, password: goodPassword })),
    ).toBe('wrong-credentials')
    expect(codeOf(await lab.call('deleteStaffAccount', {}, { by }))).toBe('unavailable')
  })

  it('opens an account that is there, if both sides have proved the address', async () => {
    const lab = await open()
    const person = await register(lab, 'ada@example.org')
    for (const email_verified of [false, undefined, 'true', 1]) {
      expect(codeOf(await signIn(lab, { ...ada, email_verified })), String(email_verified)).toBe(
        'sign-in-failed',
      )
    }
    await lab.rows('update accounts set confirmed_at = null', [])
    expect(codeOf(await signIn(lab, ada))).toBe('sign-in-failed')
    await lab.rows('update accounts set confirmed_at = now()', [])
    expect(bodyOf<SessionBody>(await signIn(lab, { ...ada, email: 'ADA@example.org' })).accountId).toBe(
      person.accountId,
    )
    expect(await lab.rows('select subject from oidc_identities', [])).toEqual([{ subject: ada.sub }])
  })

  it('where registration is closed, lets in those alone who have an account or were named', async () => {
    const lab = await open({ registration: 'closed' })
    expect(codeOf(await signIn(lab, ada))).toBe('registration-closed')
    await lab.rows(
      `insert into accounts (id, email, email_key, first_name, last_name, language, created_at, platform_role)
        values (gen_random_uuid(), 'ada@example.org', 'ada@example.org', 'A', 'L', 'en', now(), 'admin')`,
      [],
    )
    expect(codeOf(await signIn(lab, ada))).toBe('ok')
    // Now the address is proved.
    expect(await lab.rows('select 1 from accounts where confirmed_at is null', [])).toEqual([])
  })

  it('needs no name that fits, and no address that does not', async () => {
    const lab = await open()
    const nameless = { sub: 'x', email: 'nameless@example.org', email_verified: true }
    expect(codeOf(await signIn(lab, nameless))).toBe('ok')
    const whole = { ...nameless, sub: 'y', email: 'whole@example.org', name: 'Grace Brewster Hopper' }
    expect(codeOf(await signIn(lab, whole))).toBe('ok')
    expect(codeOf(await signIn(lab, { ...nameless, sub: 'z', email: 'not an address' }))).toBe(
      'sign-in-failed',
    )
    expect(codeOf(await signIn(lab, { sub: 'w' }))).toBe('sign-in-failed')
    expect(await lab.rows('select first_name, last_name from accounts order by id', [])).toEqual([
      { first_name: 'nameless', last_name: 'Member' },
      { first_name: 'Grace', last_name: 'Brewster Hopper' },
    ])
  })

  it('an attempt is good once, for who began it, and for what came back of it', async () => {
    const lab = await open()
    const mine = await start(lab)
    const theirs = await start(lab)
    const returned = await peer.visit(theirs.url, ada)
    // Somebody else's return in my browser: I would be signed in as him.
    expect(codeOf(await lab.call('finishStaffOidc', { handle: mine.handle, ...returned }))).toBe(
      'sign-in-failed',
    )
    expect(codeOf(await lab.call('finishStaffOidc', { handle: mine.handle, ...returned }))).toBe(
      'link-expired',
    )
    expect(codeOf(await lab.call('finishStaffOidc', { handle: 'x'.repeat(60), ...returned }))).toBe(
      'link-expired',
    )
    expect(codeOf(await lab.call('finishStaffOidc', { handle: theirs.handle, ...returned }))).toBe('ok')
    expect(codeOf(await lab.call('finishStaffOidc', { handle: theirs.handle, ...returned }))).toBe(
      'link-expired',
    )

    for (const change of [{ code: 'another' }, { state: 'another' }, { iss: 'https://mix-up.test' }]) {
      const { url, handle } = await start(lab)
      const wrong = { ...(await peer.visit(url, ada)), ...change }
      expect(codeOf(await lab.call('finishStaffOidc', { handle, ...wrong })), JSON.stringify(change)).toBe(
        'sign-in-failed',
      )
    }
    const { url, handle } = await start(lab)
    const late = await peer.visit(url, ada)
    await lab.rows('update oidc_attempts set expires_at = now()', [])
    expect(codeOf(await lab.call('finishStaffOidc', { handle, ...late }))).toBe('link-expired')
  })

  it('keeps nothing that could finish an attempt', async () => {
    const lab = await open()
    const { url, handle } = await start(lab)
    const { searchParams } = new URL(url)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    const kept = await everyColumn(lab)
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(kept).not.toContain(searchParams.get(name)!)
    expect(kept).not.toContain(handle.split('.')[1]!)
  })

  it('is not there where it is not set up, and says when the other service is away', async () => {
    const without = await openIdentityLab()
    labs.push(without)
    expect(codeOf(await without.call('startStaffOidc'))).toBe('not-found')
    const finish = { handle: 'x'.repeat(60), code: 'x', state: 'y' }
    expect(codeOf(await without.call('finishStaffOidc', finish))).toBe('not-found')
    const away = await open({ oidc: { ...peer.config, issuer: 'http://127.0.0.1:1' } })
    expect(await away.call('startStaffOidc')).toMatchObject({
      kind: 'fault',
      code: 'unavailable',
      retryable: true,
    })
  })
})
