import { newId, organizationLimits } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { type OwnOperation, openLab } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { type Staff, staff } from './testing/people.ts'
import { organizationIn, tokenOf } from './testing/world.ts'

/** Two instances on one database, which know nothing of each other. */
const lab = await labOfFile()

type Asked = readonly [name: OwnOperation, input: JsonObject, by: Staff]

/** All at once, by turns to one and the other instance: how often each outcome came. */
async function race(requests: readonly Asked[]): Promise<Record<string, number>> {
  const outcomes = await Promise.all(
    requests.map(([name, input, by], instance) => lab.outcome(name, input, by, { instance })),
  )
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

const rounds = Array.from({ length: 5 }, (_, index) => index)
const times = (count: number, make: (index: number) => Asked): readonly Asked[] =>
  Array.from({ length: count }, (_, index) => make(index))
const count = async (table: string, organizationId: string) =>
  (await lab.tables.rows(`select from ${table} where organization_id = $1`, [organizationId])).length

describe.each(rounds)('in round %i', () => {
  it('one of many gets an invitation', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    const counts = await race(times(6, () => ['acceptInvitation', { token }, staff()]))
    expect(counts).toEqual({ ok: 1, 'link-expired': 5 })
    expect(await count('members', club.organizationId)).toBe(2)
  })

  it('one of many gets a name', async () => {
    const name = `Club ${newId()}`
    const counts = await race(
      times(6, (index) => ['registerOrganization', { name: index % 2 ? name : name.toUpperCase() }, staff()]),
    )
    expect(counts).toEqual({ ok: 1, 'name-taken': 5 })
  })

  it('one of two gets the name that both want, and nothing is told of the other', async () => {
    const clubs = [await organizationIn(lab), await organizationIn(lab)]
    const name = `Club ${newId()}`
    const counts = await race(clubs.map((club) => ['changeOrganization', { ...club.in, name }, club.owner]))
    expect(counts).toEqual({ ok: 1, 'name-taken': 1 })
    const changes = await Promise.all(
      clubs.map(async (club) => (await lab.ok('listChanges', club.in, club.owner)).items.length),
    )
    expect(changes.sort()).toEqual([2, 3])
  })

  it('two owners who leave at once leave one', async () => {
    const club = await organizationIn(lab)
    const owners = [club.owner, await club.anotherOwner()]
    const counts = await race(
      owners.map((owner) => ['removeMember', { ...club.in, accountId: owner.accountId }, owner]),
    )
    expect(counts).toEqual({ ok: 1, 'last-owner': 1 })
  })

  it('somebody is no member twice, by two invitations at once', async () => {
    const club = await organizationIn(lab)
    const tokens = await Promise.all(
      ['support', 'manager'].map((role) => tokenOf(lab, club.organizationId, club.owner, role as 'support')),
    )
    const ann = staff()
    const counts = await race(tokens.map((token) => ['acceptInvitation', { token }, ann]))
    expect(counts).toEqual({ ok: 1, 'already-member': 1 })
  })

  it('an account comes into no more organisations than there may be', async () => {
    const ann = staff()
    const free = 3
    for (let made = free; made < organizationLimits.organizationsPerAccountMax; made++) {
      await lab.ok('registerOrganization', { name: `Club ${newId()}` }, ann)
    }
    const clubs = await Promise.all([1, 2, 3].map(() => organizationIn(lab)))
    const tokens = await Promise.all(
      clubs.map((club) => tokenOf(lab, club.organizationId, club.owner, 'support')),
    )
    const counts = await race([
      ...times(4, () => ['registerOrganization', { name: `Club ${newId()}` }, ann]),
      ...tokens.map((token) => ['acceptInvitation', { token }, ann] as const),
    ])
    expect(counts).toEqual({ ok: free, 'limit-reached': 4 })
  })

  it('bounds hold', async () => {
    const club = await organizationIn(lab)
    const { membersMax, invitationsOpenMax, contactsPerTournamentMax } = organizationLimits
    const tournamentId = lab.neighbours.tournamentOf(club.organizationId)
    await lab.tables.rows(
      `insert into contacts (contact_id, organization_id, tournament_id, first_name, last_name, notes)
       select gen_random_uuid(), $1, $2, 'A', 'B', '' from generate_series(3, $3)`,
      [club.organizationId, tournamentId, contactsPerTournamentMax],
    )
    const contact = { ...club.in, tournamentId, firstName: 'A', lastName: 'B' }
    expect(await race(times(5, () => ['createContact', contact, club.owner]))).toEqual({
      ok: 2,
      'limit-reached': 3,
    })
    const tokens = await Promise.all(
      [1, 2, 3].map(() => tokenOf(lab, club.organizationId, club.owner, 'support')),
    )
    await lab.tables.rows(
      `insert into members (member_id, organization_id, account_id, role, since)
       select gen_random_uuid(), $1, gen_random_uuid(), 'support', now() from generate_series(4, $2)`,
      [club.organizationId, membersMax],
    )
    const accepting = tokens.map((token): Asked => ['acceptInvitation', { token }, staff()])
    expect(await race(accepting)).toEqual({ ok: 2, 'limit-reached': 1 })
    await lab.tables.rows(
      `insert into invitations
       (invitation_id, organization_id, role, token_hash, created_by, created_at, expires_at)
       select gen_random_uuid(), $1, 'support', gen_random_uuid()::text, gen_random_uuid(), now(),
         now() + interval '1 day'
       from generate_series(3, $2)`,
      [club.organizationId, invitationsOpenMax - 1],
    )
    const invite = { ...club.in, role: 'support' }
    expect(await race(times(4, () => ['createInvitation', invite, club.owner]))).toEqual({
      ok: 2,
      'limit-reached': 2,
    })
  })

  it('what is done while everything is deleted is done before it, or not at all', async () => {
    const club = await organizationIn(lab)
    const token = await tokenOf(lab, club.organizationId, club.owner, 'support')
    const tournamentId = lab.neighbours.tournamentOf(club.organizationId)
    const admin = staff('admin')
    const counts = await race([
      ['createContact', { ...club.in, tournamentId, firstName: 'A', lastName: 'B' }, club.owner],
      ['acceptInvitation', { token }, staff()],
      ['enterPreview', club.in, admin],
      ['deleteOrganization', { ...club.in, name: club.name }, club.owner],
      ['enterPreview', club.in, staff('admin')],
      ['approveOrganization', { ...club.in, approved: false }, admin],
      ['createInvitation', { ...club.in, role: 'support' }, club.owner],
    ])
    const { ok = 0, ...refused } = counts
    expect(ok).toBeGreaterThanOrEqual(1)
    for (const code of Object.keys(refused)) {
      expect(['not-found', 'link-expired', 'organization-blocked']).toContain(code)
    }
    // Blocked first, it is not deleted; then it is as it was.
    const left = await count('organizations', club.organizationId)
    for (const table of ['members', 'contacts', 'invitations', 'previews', 'changelog']) {
      if (left === 0) expect(await count(table, club.organizationId), table).toBe(0)
    }
  })

  it('an administrator who looks into two at once looks into one', async () => {
    const clubs = [await organizationIn(lab), await organizationIn(lab), await organizationIn(lab)]
    const admin = staff('admin')
    const entering = [...clubs, ...clubs].map((club): Asked => ['enterPreview', club.in, admin])
    expect(await race(entering)).toEqual({ ok: 6 })
    const outcomes = await race(clubs.map((club) => ['changeOrganization', club.in, admin]))
    expect(outcomes).toEqual({ ok: 1, 'preview-needed': 2 })
  })
})

it('a bound that nothing guards would be broken', async () => {
  // As an innocent would write it: looks, then writes; and all look before anybody writes.
  let counted = 0
  const [everybody, allHaveCounted] = barrier()
  const careless = await openLab({
    define: (definition) => {
      const entry = definition.handlers.registerOrganization
      if (entry?.kind !== 'row-command') throw new Error('no such command')
      const run: typeof entry.handler.run = (transaction, command) =>
        entry.handler.run(
          {
            async query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
              if (text.includes('pg_advisory_xact_lock')) return []
              const rows = await transaction.query<Row>(text, values)
              if (!text.includes('from members where account_id')) return rows
              counted += 1
              if (counted === organizationLimits.organizationsPerAccountMax + 1) allHaveCounted()
              if (counted >= organizationLimits.organizationsPerAccountMax) await everybody
              return rows
            },
          },
          command,
        )
      const handlers = {
        ...definition.handlers,
        registerOrganization: { ...entry, handler: { ...entry.handler, run } },
      }
      return { ...definition, handlers }
    },
  })
  const ann = staff()
  const register = (instance: number) =>
    careless.outcome('registerOrganization', { name: `Club ${newId()}` }, ann, { instance })
  for (let made = 1; made < organizationLimits.organizationsPerAccountMax; made++) {
    expect(await register(0)).toBe('ok')
  }
  expect(await Promise.all([register(0), register(1)])).toEqual(['ok', 'ok'])
  await careless.close()
})

function barrier(): [opened: Promise<void>, open: () => void] {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return [opened, () => open()]
}
