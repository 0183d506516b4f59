import { newId, type OrganizationId } from '@matchday/contracts'
import type { RecordedEvent, View } from '@matchday/kernel'
import { beforeEach, describe, expect, it } from 'vitest'
import { labOfFile } from '../testing/lab-of-file.ts'
import { staff } from '../testing/people.ts'
import { organizationIn, previewing, type World } from '../testing/world.ts'
import { keyChanges } from './key-changes.ts'
import { tournamentChanges } from './tournament-changes.ts'

const lab = await labOfFile()
let club: World
beforeEach(async () => {
  club = await organizationIn(lab)
})

/** Events of one stream, a second apart. */
function events(
  stream: string,
  ...happened: readonly (readonly [type: string, data: object, by?: string, actor?: string])[]
): RecordedEvent[] {
  const startMs = Date.now()
  return happened.map(([type, data, by = 'staff', actor = club.owner.accountId], index) => ({
    stream,
    version: index + 1,
    type,
    data: data as RecordedEvent['data'],
    at: new Date(startMs + index * 1_000).toISOString(),
    by,
    ...(by === 'staff' || by === 'key' ? { actor } : {}),
  }))
}
const apply = (view: View, batch: readonly RecordedEvent[]) =>
  lab.tables.transaction((transaction) => view.apply(transaction, batch))
const told = async (
  thing: string,
  of: { in: { organizationId: OrganizationId }; owner: World['owner'] } = club,
) =>
  (await lab.ok('listChanges', { ...of.in, limit: 100 }, of.owner)).items.filter(
    (item: { thing: string }) => item.thing === thing,
  )

describe('tournaments of an organisation', () => {
  const created = () => ['tournament-created', { name: 'Cup', organizationId: club.organizationId }] as const

  it('are in its changelog, newest first', async () => {
    const id = newId()
    await apply(
      tournamentChanges,
      events(
        id,
        created(),
        ['joining-changed', { open: true }, 'organizer'],
        ['player-joined', { playerId: newId(), firstName: 'Ada', lastName: 'L.' }, 'anyone'],
        ['team-picked', { playerId: newId(), team: 'PSG', contribution: null }, 'player'],
        ['tournament-renamed', { name: 'Final' }, 'key', 'key-1'],
        ['tournament-archived', {}],
      ),
    )
    const by = { kind: 'staff', accountId: club.owner.accountId }
    expect(await told('tournament')).toMatchObject([
      { thingId: id, action: 'tournament-archived', after: {}, by },
      {
        thingId: id,
        action: 'tournament-renamed',
        after: { name: 'Final' },
        by: { kind: 'key', accountId: 'key-1' },
      },
      {
        thingId: id,
        action: 'joining-changed',
        after: { open: true },
        by: { kind: 'organizer', accountId: null },
      },
      { thingId: id, action: 'tournament-created', after: { name: 'Cup' }, by },
    ])
  })

  it('are there once, however often they are read', async () => {
    const batch = events(newId(), created(), ['tournament-renamed', { name: 'Final' }])
    await apply(tournamentChanges, batch)
    await apply(tournamentChanges, batch)
    expect(await told('tournament')).toHaveLength(2)
  })

  it('are there from when it took them on', async () => {
    const id = newId()
    const batch = events(
      id,
      ['tournament-created', { name: 'Cup' }, 'organizer'],
      ['tournament-renamed', { name: 'Before' }, 'organizer'],
      ['tournament-claimed', { organizationId: club.organizationId }],
      ['tournament-renamed', { name: 'After' }, 'organizer'],
    )
    await apply(tournamentChanges, batch)
    expect(await told('tournament')).toMatchObject([
      { after: { name: 'After' } },
      { action: 'tournament-claimed' },
    ])
  })

  it('of others, or of nobody, are not', async () => {
    const other = await organizationIn(lab)
    await apply(tournamentChanges, [
      ...events(newId(), ['tournament-created', { name: 'A', organizationId: other.organizationId }]),
      ...events(newId(), ['tournament-created', { name: 'B' }, 'anyone']),
      ...events(
        newId(),
        ['tournament-created', { name: 'C', organizationId: newId() }],
        ['tournament-archived', {}],
      ),
    ])
    expect(await told('tournament')).toEqual([])
    expect(await told('tournament', other)).toHaveLength(1)
  })

  it('are forgotten with it, also what comes later', async () => {
    const id = newId()
    const [first, last] = events(id, created(), ['tournament-archived', {}, 'service'])
    await apply(tournamentChanges, [first!])
    await lab.ok('deleteOrganization', { ...club.in, name: club.name }, club.owner)
    await apply(tournamentChanges, [last!])
    expect(await lab.tables.rows('select from changelog where thing_id = $1', [id])).toEqual([])
    expect(await lab.tables.rows('select from tournament_owners where tournament_id = $1', [id])).toEqual([])
  })

  it('tell what administrators did, who looked into it first', async () => {
    const admin = await previewing(lab, club.organizationId)
    const id = newId()
    await apply(
      tournamentChanges,
      events(id, created(), ['tournament-renamed', { name: 'Final' }, 'staff', admin.accountId]),
    )
    const { items } = await lab.ok('listAdminChanges', { accountId: admin.accountId }, staff('superadmin'))
    expect(items).toMatchObject([
      { thing: 'tournament', action: 'tournament-renamed', organizationId: club.organizationId },
      { thing: 'organization', action: 'preview-entered' },
    ])
  })

  it('come again when the view is built anew', async () => {
    const batch = events(newId(), created(), ['tournament-renamed', { name: 'Final' }])
    await apply(tournamentChanges, batch)
    const before = await told('tournament')
    await lab.tables.transaction(async (transaction) => {
      await tournamentChanges.drop(transaction)
      await tournamentChanges.create(transaction)
    })
    expect(await told('tournament')).toEqual([])
    await apply(tournamentChanges, batch)
    expect(await told('tournament')).toEqual(before)
  })

  it('wait for whoever deletes the organisation at the same time', async () => {
    const id = newId()
    const deleting = lab.outcome('deleteOrganization', { ...club.in, name: club.name }, club.owner)
    const applying = Promise.all(
      Array.from({ length: 5 }, () => apply(tournamentChanges, events(newId(), created()))),
    )
    expect(await deleting).toBe('ok')
    await applying
    await apply(tournamentChanges, events(id, created()))
    for (const table of ['tournament_owners', 'changelog']) {
      const left = await lab.tables.rows(`select from ${table} where organization_id = $1`, [
        club.organizationId,
      ])
      expect(left).toEqual([])
    }
  })
})

it('keys of an organisation are in its changelog, without what they are', async () => {
  const keyId = newId()
  const data = { organizationId: club.organizationId }
  const batch = events(
    keyId,
    ['key-created', data],
    ['sessions-ended', { generation: 2 }],
    ['key-revoked', data],
  )
  await apply(keyChanges, batch)
  await apply(keyChanges, batch)
  await apply(keyChanges, events(newId(), ['key-created', { organizationId: newId() }]))
  expect(await told('key')).toMatchObject([
    { thingId: keyId, action: 'deleted', after: null },
    { thingId: keyId, action: 'created', after: {} },
  ])
  await lab.tables.transaction((transaction) => keyChanges.drop(transaction))
  expect(await told('key')).toEqual([])
})
