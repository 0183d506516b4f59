import {
  type Caller,
  newId,
  type Operation,
  playerIdentityInternals,
  playerIdentityOperations,
  type Realm,
  staffIdentityInternals,
  staffIdentityOperations,
} from '@matchday/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type IdentityLab, openIdentityLab } from './testing/identity-lab.ts'
import { callerOf, goodPassword, type Person, register, setUp, signInAs } from './testing/people.ts'

const realms = {
  staff: { operations: staffIdentityOperations, internals: staffIdentityInternals },
  players: { operations: playerIdentityOperations, internals: playerIdentityInternals },
} as const
const everythingIsFine = {
  getStanding: () => ({ status: 'approved', role: 'owner', isPreview: false }),
  listSoleOwnerships: () => ({ organizationIds: [] }),
  exportSeats: () => ({ seats: [] }),
}
const ids = {
  tournamentId: newId<'tournament'>(),
  playerId: newId<'player'>(),
  organizationId: newId<'organization'>(),
}

describe.each(['staff', 'players'] as const)('the guard of %s', (realm: Realm) => {
  const { operations, internals } = realms[realm]
  let lab: IdentityLab
  let person: Person
  let ended: Person
  let callers: Record<string, Caller>

  beforeAll(async () => {
    lab = await openIdentityLab({ realm, answers: everythingIsFine })
    person = await register(lab, 'somebody@example.org', { realm })
    ended = await signInAs(lab, person.email, { realm })
    await lab.rows('delete from sessions where id = $1', [ended.sessionId])
    const { accountId, sessionId } = person
    const session = { accountId: accountId as never, sessionId: sessionId as never }
    callers = {
      anyone: { kind: 'anyone' },
      organizer: { kind: 'organizer', tournamentId: ids.tournamentId },
      player: { kind: 'player', tournamentId: ids.tournamentId, playerId: ids.playerId, pass: 1 },
      staff: { kind: 'staff', ...session },
      'made-up admin': { kind: 'staff', ...session, platformRole: 'admin' },
      'made-up superadmin': { kind: 'staff', ...session, platformRole: 'superadmin' },
      'player account': { kind: 'player-account', ...session },
      'ended session': callerOf(realm, ended),
      'unknown account': callerOf(realm, { ...person, accountId: newId() }),
      key: {
        kind: 'key',
        keyId: newId<'api-key'>(),
        organizationId: ids.organizationId,
        scopes: ['tournaments:write'],
      },
      service: { kind: 'service', service: 'tests' },
    }
  })
  afterAll(() => lab.close())

  it('stands before a handler for every operation, and there are no others', () => {
    expect(Object.keys(lab.definition.handlers).sort()).toEqual(Object.keys(operations).sort())
    expect(Object.keys(lab.definition.internals ?? {}).sort()).toEqual(Object.keys(internals).sort())
    expect(lab.definition.name).toBe(realm === 'staff' ? 'identity-staff' : 'identity-players')
    for (const [name, { kind, operation }] of Object.entries(lab.definition.handlers)) {
      expect(operation.name).toBe(name)
      expect(kind).toBe(operation.kind === 'command' ? 'row-command' : 'read')
    }
  })

  it('lets in whom the policy names, and nobody whose session has ended', async () => {
    const own = realm === 'staff' ? 'staff' : 'player account'
    const others = Object.values(operations).filter(({ policy }) => policy !== 'anyone' && policy !== 'local')
    expect(others.length).toBeGreaterThan(5)
    for (const { name, policy } of others as Operation[]) {
      for (const [who, by] of Object.entries(callers)) {
        const what = `${name} by ${who}`
        const isPersonal = policy === 'staff' || policy === 'player-account' || policy === 'owner'
        const isOwnKind = by.kind === (realm === 'staff' ? 'staff' : 'player-account')
        const isGone = who === 'ended session' || who === 'unknown account'
        // Players know nothing of administrators' sessions: the edge has made sure of what their tokens say.
        const isTrusted = realm === 'players' && policy === 'admin' && who.startsWith('made-up')
        const mayEnter = (isPersonal && isOwnKind && !isGone) || isTrusted
        // What would end the session for those that come after it is asked for without what it needs.
        const input = inputOf(name)
        const code = mayEnter && endsSession(name) ? 'let in' : codeOf(await lab.call(name, input, { by }))
        if (mayEnter) expect(code, what).not.toMatch(/^(not-allowed|not-authenticated)$/)
        else expect(code, what).toMatch(/^(not-allowed|not-authenticated|wrong-password)$/)
      }
    }
    // The control: he himself is let in.
    expect(
      codeOf(
        await lab.call(realm === 'staff' ? 'getStaffProfile' : 'getPlayerProfile', {}, { by: callers[own]! }),
      ),
    ).toBe('ok')
  })

  it('answers other services alone where only they may ask', async () => {
    const questions = lab.definition.internals ?? {}
    for (const [name, entry] of Object.entries(questions)) {
      for (const [who, by] of Object.entries(callers)) {
        if (entry.kind !== 'read') continue
        const answer = await entry.handle({ accountIds: [person.accountId], hash: 'a'.repeat(64) }, by, {
          rows: lab.rows,
        } as never)
        if (who === 'service') expect(answer, name).not.toMatchObject({ code: 'not-allowed' })
        else expect(answer, `${name} by ${who}`).toEqual({ kind: 'rejected', code: 'not-allowed' })
      }
    }
  })
})

/** Something that fits the contract, and does no harm. */
function inputOf(name: string) {
  const newPassword = 'something new and long'
  const inputs: Record<string, object> = {
    changeStaffPassword: { oldPassword: 'not this one', newPassword },
    changePlayerPassword: { oldPassword: 'not this one', newPassword },
    createApiKey: { organizationId: ids.organizationId, name: 'Key', scopes: ['tournaments:read'] },
    listApiKeys: { organizationId: ids.organizationId },
    revokeApiKey: { organizationId: ids.organizationId, keyId: newId() },
    endStaffSession: { sessionId: newId() },
    endPlayerSession: { sessionId: newId() },
    addAdministrator: { email: 'x@example.org', firstName: 'A', lastName: 'B' },
    changeAdministrator: { accountId: newId() },
    removeAdministrator: { accountId: newId() },
    signOutStaffAccount: { email: 'x@example.org' },
    signOutPlayerAccount: { email: 'x@example.org' },
  }
  return (inputs[name] ?? {}) as never
}

function endsSession(name: string): boolean {
  return name === 'signOutStaff' || name === 'signOutPlayer'
}

describe('an administrator', () => {
  it('enters by the role that his account has', async () => {
    const lab = await openIdentityLab({ registration: 'closed', answers: everythingIsFine })
    try {
      const root = await setUp(lab)
      expect(codeOf(await lab.call('listAdministrators', {}, { by: root.caller }))).toBe('ok')
      await lab.rows(`update accounts set platform_role = 'admin'`, [])
      const names = { firstName: 'A', lastName: 'B' }
      const added = await lab.call(
        'addAdministrator',
        { email: 'b@example.org', ...names },
        { by: root.caller },
      )
      expect(codeOf(added)).toBe('not-allowed')
      expect(codeOf(await lab.call('listAdministrators', {}, { by: root.caller }))).toBe('ok')
      await lab.rows('update accounts set platform_role = null', [])
      expect(codeOf(await lab.call('listAdministrators', {}, { by: root.caller }))).toBe('not-allowed')
    } finally {
      await lab.close()
    }
  })

  it('is nobody in the other realm, but for what administrators do there', async () => {
    const lab = await openIdentityLab({ realm: 'players' })
    try {
      const player = await register(lab, 'p@example.org', { realm: 'players' })
      const by = callerOf('staff', player, 'superadmin')
      const closed = Object.values(playerIdentityOperations).filter(
        ({ policy }) => policy === 'player-account',
      )
      expect(closed.length).toBeGreaterThan(5)
      for (const { name } of closed) {
        expect(codeOf(await lab.call(name, inputOf(name), { by })), name).toBe('not-allowed')
      }
      expect(codeOf(await lab.call('listPlayerSignOuts', {}, { by }))).toBe('ok')
      const { email } = player
      expect(codeOf(await lab.call('signInPlayer', { email, password: goodPassword }))).toBe('ok')
    } finally {
      await lab.close()
    }
  })
})
