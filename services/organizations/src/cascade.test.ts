import { expect, it } from 'vitest'
import { type Cast, castOf } from './testing/cast.ts'
import { labOfFile } from './testing/lab-of-file.ts'

const lab = await labOfFile()

/** Rows of all tables that hold this text anywhere, by table. */
async function rowsWith(text: string): Promise<Record<string, number>> {
  const tables = await lab.tables.rows<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = current_schema and table_type = 'BASE TABLE' order by 1`,
    [],
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const found = await lab.tables.rows(`select from ${name} as t where strpos(to_json(t)::text, $1) > 0`, [
      text,
    ])
    if (found.length > 0) counts[name] = found.length
  }
  return counts
}

const mark = (cast: Cast) => cast.organizationId

it('with an organisation everything of it goes, and nothing of others', async () => {
  const [cast, other] = [await castOf(lab), await castOf(lab)]
  await lab.tables.rows('insert into tournament_owners values ($1, $2)', [
    cast.ids.tournamentId,
    cast.organizationId,
  ])
  await lab.ok(
    'createContact',
    {
      ...cast.in,
      tournamentId: cast.ids.tournamentId,
      firstName: 'Canary',
      lastName: 'Bird',
      notes: 'canary note',
    },
    cast.owner,
  )
  const before = await rowsWith(mark(cast))
  const others = await rowsWith(mark(other))
  // Otherwise there is nothing to be found: every table of this service has something of it.
  const own = [
    'changelog',
    'comments',
    'contacts',
    'incidents',
    'invitations',
    'members',
    'organizations',
    'previews',
    'tournament_owners',
  ]
  expect(Object.keys(before)).toEqual(expect.arrayContaining(own))

  await lab.ok('deleteOrganization', { ...cast.in, name: cast.name }, cast.owner)
  const { changelog, events, streams, answers, ...rest } = await rowsWith(mark(cast))
  expect(rest).toEqual({})
  // What stays is that it was there and is gone: one line, the events (ids and roles), answers (ids).
  expect(changelog).toBe(1)
  expect([events, streams, answers].every((count) => count !== undefined && count > 0)).toBe(true)
  expect(await rowsWith(mark(other))).toEqual(others)
  for (const text of ['Canary', 'canary note', 'It pours', 'Well']) {
    const left = await rowsWith(text)
    // The other organisation has the same incident and comment.
    if (text.startsWith('Can') || text.startsWith('can')) expect(left).toEqual({})
    expect(left.answers ?? left.events ?? left.streams).toBeUndefined()
  }
})

it('what there is very much of goes too', async () => {
  const cast = await castOf(lab)
  await lab.tables.rows(
    `insert into changelog (change_id, organization_id, thing, thing_id, action, by_kind, at)
     select gen_random_uuid(), $1, 'contact', gen_random_uuid()::text, 'changed', 'staff', now()
     from generate_series(1, 3500)`,
    [cast.organizationId],
  )
  await lab.ok('deleteOrganization', { ...cast.in, name: cast.name }, cast.owner)
  const left = await lab.tables.rows('select from changelog where organization_id = $1', [
    cast.organizationId,
  ])
  expect(left).toEqual([])
})

it('with a contact goes what its changes told of it', async () => {
  const cast = await castOf(lab)
  const about = { ...cast.in, tournamentId: cast.ids.tournamentId }
  const create = (firstName: string) =>
    lab.ok('createContact', { ...about, firstName, lastName: 'Erased', phone: '+49 30 1' }, cast.owner)
  const { contactId } = await create('Zebedee')
  await create('Quentin')
  const of = { ...cast.in, contactId }
  await lab.ok('changeContact', { ...of, notes: 'Zebedee rings twice' }, cast.owner)
  expect(await rowsWith('Zebedee')).toEqual({ contacts: 1, changelog: 2 })
  await lab.ok('deleteContact', of, cast.owner)
  expect(await rowsWith('Zebedee')).toEqual({})
  const { items } = await lab.ok('listChanges', { ...cast.in, limit: 100 }, cast.owner)
  const told = items.filter((item: { thingId: string }) => item.thingId === contactId)
  expect(told).toHaveLength(3)
  expect(told).toMatchObject(Array(3).fill({ thing: 'contact', after: null }))
  expect(await rowsWith('Quentin')).toEqual({ contacts: 1, changelog: 1 })
})

it('what people typed is in its own rows and in the changelog, and nowhere else', async () => {
  const cast = await castOf(lab)
  const { incidentId, tournamentId } = cast.ids
  const canary = (what: string) => `canary-${what}-7c1e`
  const about = { ...cast.in, tournamentId }
  const contact = {
    firstName: canary('first'),
    lastName: canary('last'),
    email: `${canary('mail')}@example.org`,
    notes: canary('notes'),
  }
  await lab.ok('createContact', { ...about, ...contact }, cast.owner)
  const rain = { name: canary('title'), description: canary('description'), priority: 'low' }
  await lab.ok('openIncident', { ...about, ...rain }, cast.owner)
  await lab.ok('addComment', { ...cast.in, incidentId, content: canary('comment') }, cast.owner)
  await lab.ok('createInvitation', { ...cast.in, role: 'support', note: canary('note') }, cast.owner)
  await lab.ok('changeOrganization', { ...cast.in, address: canary('address') }, cast.owner)
  const where: Record<string, readonly string[]> = {}
  for (const what of [
    'first',
    'last',
    'mail',
    'notes',
    'title',
    'description',
    'comment',
    'note',
    'address',
  ]) {
    where[what] = Object.keys(await rowsWith(canary(what)))
  }
  const contacts = ['changelog', 'contacts']
  expect(where).toEqual({
    ...{ first: contacts, last: contacts, mail: contacts, notes: contacts },
    ...{ title: ['changelog', 'incidents'], description: ['changelog', 'incidents'] },
    ...{ comment: ['changelog', 'comments'], note: ['invitations'], address: ['changelog', 'organizations'] },
  })
})
