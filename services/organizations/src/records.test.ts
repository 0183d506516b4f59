import { newId, organizationLimits } from '@matchday/contracts'
import { createFakeClock } from '@matchday/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Lab } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { key, staff } from './testing/people.ts'
import { organizationIn, previewing, type World } from './testing/world.ts'

let club: World
const clock = createFakeClock()
const lab = await labOfFile({ clock })
beforeEach(async () => {
  club = await organizationIn(lab)
})

const ada = { firstName: ' Ada ', lastName: 'Lovelace', email: 'ada@example.org', phone: '+44 20 1' }
const shownAda = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.org',
  phone: '+44 20 1',
  notes: '',
}
const rain = { name: 'Rain', description: 'It pours', priority: 'high' }
const tournament = (organizationId = club.organizationId) => lab.neighbours.tournamentOf(organizationId)

describe('contacts', () => {
  it('are noted, changed and deleted', async () => {
    const tournamentId = tournament()
    const { contactId } = await lab.ok('createContact', { ...club.in, tournamentId, ...ada }, club.owner)
    const of = { ...club.in, contactId }
    expect(await lab.ok('getContact', of, club.owner)).toEqual({ contactId, tournamentId, ...shownAda })
    await lab.ok('changeContact', { ...of, phone: null, notes: 'Rings\r\ntwice' }, club.owner)
    const changed = { ...shownAda, phone: null, notes: 'Rings\ntwice' }
    expect(await lab.ok('getContact', of, club.owner)).toEqual({ contactId, tournamentId, ...changed })
    expect(await lab.ok('deleteContact', of, club.owner)).toEqual({})
    for (const operation of ['getContact', 'changeContact', 'deleteContact'] as const) {
      expect(await lab.outcome(operation, of, club.owner)).toBe('not-found')
    }
  })

  it('are written by managers, read by all members, and unknown to others', async () => {
    const { contactId } = await lab.ok(
      'createContact',
      { ...club.in, tournamentId: tournament(), ...ada },
      club.owner,
    )
    const support = await club.support()
    expect(await lab.outcome('getContact', { ...club.in, contactId }, support)).toBe('ok')
    expect(await lab.outcome('changeContact', { ...club.in, contactId }, support)).toBe('not-allowed')
    const other = await organizationIn(lab)
    for (const operation of ['getContact', 'changeContact', 'deleteContact'] as const) {
      expect(await lab.outcome(operation, { ...other.in, contactId }, other.owner)).toBe('not-found')
    }
  })

  it('are listed in the order in which they were noted, of one tournament or of all', async () => {
    const [one, two] = [tournament(), tournament()]
    for (const [tournamentId, firstName] of [
      [one, 'A'],
      [two, 'B'],
      [one, 'C'],
    ] as const) {
      clock.advance(1)
      await lab.ok('createContact', { ...club.in, tournamentId, firstName, lastName: 'X' }, club.owner)
    }
    const names = async (filter = {}) =>
      (await lab.ok('listContacts', { ...club.in, ...filter }, club.owner)).items
        .map((item: { firstName: string }) => item.firstName)
        .join('')
    expect(await names()).toBe('ABC')
    expect(await names({ tournamentId: one })).toBe('AC')
    expect(await names({ tournamentId: newId() })).toBe('')
  })

  it('have a bound for each tournament', async () => {
    const tournamentId = tournament()
    await lab.tables.rows(
      `insert into contacts (contact_id, organization_id, tournament_id, first_name, last_name, notes)
       select gen_random_uuid(), $1, $2, 'A', 'B', '' from generate_series(1, $3)`,
      [club.organizationId, tournamentId, organizationLimits.contactsPerTournamentMax],
    )
    const create = (id: string) =>
      lab.outcome('createContact', { ...club.in, tournamentId: id, ...ada }, club.owner)
    expect(await create(tournamentId)).toBe('limit-reached')
    expect(await create(tournament())).toBe('ok')
  })
})

describe('what is about a tournament', () => {
  const creating = [
    ['createContact', { ...ada }],
    ['openIncident', { ...rain }],
  ] as const

  it.each(creating)('%s needs one of the organisation’s own', async (operation, input) => {
    const other = await organizationIn(lab)
    const about = (tournamentId: string) =>
      lab.outcome(operation, { ...club.in, tournamentId, ...input }, club.owner)
    expect(await about(tournament())).toBe('ok')
    expect(await about(tournament(other.organizationId))).toBe('not-found')
    expect(await about(lab.neighbours.tournamentOf(null))).toBe('not-found')
    expect(await about(newId())).toBe('not-found')
  })

  it.each(creating)('%s fails while nobody can tell whose it is', async (operation, input) => {
    const about = { ...club.in, tournamentId: tournament(), ...input }
    lab.neighbours.down.add('tournaments')
    expect(await lab.outcome(operation, about, club.owner)).toBe('unavailable')
    // Who may not know gets to know nothing, and nobody is asked for him.
    const asked = lab.neighbours.asked.length
    expect(await lab.outcome(operation, about, staff())).toBe('not-found')
    expect(lab.neighbours.asked).toHaveLength(asked)
    lab.neighbours.down.clear()
  })
})

async function incident(by = club.owner) {
  const { incidentId } = await lab.ok('openIncident', { ...club.in, tournamentId: tournament(), ...rain }, by)
  return { ...club.in, incidentId }
}

describe('incidents', () => {
  it('are opened to be done, by whom it is said', async () => {
    const support = await club.support()
    lab.neighbours.isCalled(support.accountId, 'Sam', 'Hill')
    const of = await incident(support)
    expect(await lab.ok('getIncident', of, club.owner)).toMatchObject({
      ...rain,
      status: 'to-do',
      author: { accountId: support.accountId, name: 'Sam Hill' },
      createdAt: new Date(clock.now()).toISOString(),
      closedAt: null,
      comments: 0,
    })
  })

  it('keep the first time at which they were closed', async () => {
    const of = await incident()
    const change = (status: string) => {
      clock.advance(1_000)
      return lab.ok('changeIncident', { ...of, status }, club.owner)
    }
    const closedAt = async () => (await lab.ok('getIncident', of, club.owner)).closedAt
    await change('in-progress')
    expect(await closedAt()).toBeNull()
    await change('resolved')
    const first = new Date(clock.now()).toISOString()
    expect(await closedAt()).toBe(first)
    for (const status of ['cancelled', 'in-progress', 'resolved', 'to-do']) {
      await change(status)
      expect(await closedAt()).toBe(first)
    }
  })

  it('are listed newest first, by tournament and status', async () => {
    const first = await incident()
    clock.advance(1)
    const second = await incident()
    await lab.ok('changeIncident', { ...first, status: 'cancelled' }, club.owner)
    const ids = async (filter = {}) =>
      (await lab.ok('listIncidents', { ...club.in, ...filter }, club.owner)).items.map(
        (item: { incidentId: string }) => item.incidentId,
      )
    expect(await ids()).toEqual([second.incidentId, first.incidentId])
    expect(await ids({ status: 'cancelled' })).toEqual([first.incidentId])
    const { tournamentId } = await lab.ok('getIncident', second, club.owner)
    expect(await ids({ tournamentId })).toEqual([second.incidentId])
  })

  it('are everybody’s to change and delete, but not others’', async () => {
    const of = await incident()
    const support = await club.support()
    expect(await lab.outcome('changeIncident', { ...of, name: 'Hail' }, support)).toBe('ok')
    const other = await organizationIn(lab)
    for (const operation of ['getIncident', 'changeIncident', 'deleteIncident', 'listComments'] as const) {
      expect(await lab.outcome(operation, { ...of, ...other.in }, other.owner)).toBe('not-found')
    }
    await lab.ok('addComment', { ...of, content: 'Gone?' }, support)
    expect(await lab.outcome('deleteIncident', of, support)).toBe('ok')
    expect(await lab.tables.rows('select from comments where incident_id = $1', [of.incidentId])).toEqual([])
    expect(await lab.outcome('deleteIncident', of, support)).toBe('not-found')
  })

  it('have a bound', async () => {
    await lab.tables.rows(
      `insert into incidents (incident_id, organization_id, tournament_id, name, description, status, priority,
         author_kind, author_id, created_at)
       select gen_random_uuid(), $1, gen_random_uuid(), 'A', 'B', 'to-do', 'low', 'staff', 'x', now()
       from generate_series(1, $2)`,
      [club.organizationId, organizationLimits.incidentsPerOrganizationMax],
    )
    const open = { ...club.in, tournamentId: tournament(), ...rain }
    expect(await lab.outcome('openIncident', open, club.owner)).toBe('limit-reached')
  })
})

describe('comments', () => {
  it('are listed newest first, with who wrote them', async () => {
    const of = await incident()
    const support = await club.support()
    lab.neighbours.isCalled(support.accountId, 'Sam', 'Hill')
    await lab.ok('addComment', { ...of, content: ' First ' }, support)
    clock.advance(1)
    await lab.ok('addComment', { ...of, content: 'Second' }, club.owner)
    const { items } = await lab.ok('listComments', of, support)
    expect(items).toMatchObject([
      { content: 'Second', author: { accountId: club.owner.accountId, name: null }, isOwn: false },
      {
        content: 'First',
        author: { accountId: support.accountId, name: 'Sam Hill' },
        isOwn: true,
        changedAt: null,
      },
    ])
    expect(await lab.ok('getIncident', of, support)).toMatchObject({ comments: 2 })
    lab.neighbours.forget(support.accountId)
    const [, first] = (await lab.ok('listComments', of, support)).items
    expect(first.author).toEqual({ accountId: support.accountId, name: null })
  })

  it('are changed and deleted by who wrote them alone, however senior others are', async () => {
    const of = await incident()
    const support = await club.support()
    const { commentId } = await lab.ok('addComment', { ...of, content: 'Mine' }, support)
    const own = { ...of, commentId }
    const admin = await previewing(lab, club.organizationId, staff('superadmin'))
    for (const by of [club.owner, await club.manager(), admin]) {
      expect(await lab.outcome('changeComment', { ...own, content: 'Yours' }, by)).toBe('not-author')
      expect(await lab.outcome('deleteComment', own, by)).toBe('not-author')
    }
    expect(await lab.outcome('changeComment', { ...own, content: 'Still mine' }, support)).toBe('ok')
    const [comment] = (await lab.ok('listComments', of, support)).items
    expect(comment).toMatchObject({ content: 'Still mine', changedAt: new Date(clock.now()).toISOString() })
    expect(await lab.outcome('deleteComment', own, support)).toBe('ok')
    expect(await lab.outcome('deleteComment', own, support)).toBe('not-found')
  })

  it('belong to their incident', async () => {
    const [of, other] = [await incident(), await incident()]
    const { commentId } = await lab.ok('addComment', { ...of, content: 'Here' }, club.owner)
    const elsewhere = { ...other, commentId }
    expect(await lab.outcome('changeComment', { ...elsewhere, content: 'x' }, club.owner)).toBe('not-found')
    expect(await lab.outcome('deleteComment', elsewhere, club.owner)).toBe('not-found')
    const missing = { ...club.in, incidentId: newId(), content: 'x' }
    expect(await lab.outcome('addComment', missing, club.owner)).toBe('not-found')
  })

  it('have a bound for each incident', async () => {
    const of = await incident()
    await lab.tables.rows(
      `insert into comments (comment_id, organization_id, incident_id, content, author_kind, author_id, created_at)
       select gen_random_uuid(), $1, $2, 'x', 'staff', 'x', now() from generate_series(1, $3)`,
      [club.organizationId, of.incidentId, organizationLimits.commentsPerIncidentMax],
    )
    expect(await lab.outcome('addComment', { ...of, content: 'x' }, club.owner)).toBe('limit-reached')
  })
})

describe('a key', () => {
  it('is the author of what it writes', async () => {
    const program = key(club.organizationId, 'incidents:write', 'organization:read')
    const open = { ...club.in, tournamentId: tournament(), ...rain }
    const { incidentId } = await lab.ok('openIncident', open, program)
    const of = { ...club.in, incidentId }
    clock.advance(1)
    await lab.ok('addComment', { ...of, content: 'Beep' }, program)
    expect(await lab.ok('getIncident', of, program)).toMatchObject({
      author: { accountId: null, name: null },
    })
    const isOwn = async (by: Parameters<Lab['ok']>[2]) =>
      (await lab.ok('listComments', of, by)).items[0].isOwn
    expect(await isOwn(program)).toBe(true)
    expect(await isOwn(club.owner)).toBe(false)
    expect(await isOwn(key(club.organizationId, 'organization:read'))).toBe(false)
    const { items } = await lab.ok('listChanges', club.in, club.owner)
    expect(items[0]).toMatchObject({
      thing: 'comment',
      by: { kind: 'key', accountId: program.keyId, name: null },
    })
  })
})
