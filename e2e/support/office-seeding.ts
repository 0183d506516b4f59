import { join, must } from './client.ts'
import { bearer, newMember, newOffice, newPlayerAccount, type Office, type Person, person } from './people.ts'

/** What is written on the screens: as it usually is, or as long as it may be. */
export type Words = {
  organization: string
  tournament: string
  address: string
  description: string
  incident: string
  note: string
  members: readonly [Person, Person, Person]
  player: Person
}

export const usualWords: Words = {
  organization: 'Riverside FC',
  tournament: 'Summer Night Cup',
  address: 'Stadium by the river\nRiver Street 12, 10115 Berlin',
  description: [
    'Eight on eight, on the new pitch. Bring shin pads and something for the grill.',
    '',
    'Children play from five, grown-ups from half past seven.',
  ].join('\n'),
  incident: 'Floodlight 3 flickers',
  note: 'Dora, for the front desk',
  members: [person('Ada', 'Lovelace'), person('Ben', 'Okafor'), person('Chiara', 'Rossi')],
  player: person('Pia', 'Schwarz'),
}

const word = (length: number) => 'Donaudampfschifffahrtsgesellschaft'.repeat(9).slice(0, length)
const longPerson = (name: string): Person => ({
  ...person(name, 'Long'),
  firstName: `${name}${'W'.repeat(60 - name.length)}`,
  lastName: word(60),
})

/** No place to break a line anywhere. */
export const longWords: Words = {
  organization: word(200),
  tournament: word(100),
  address: word(200),
  description: word(300),
  incident: word(200),
  note: word(200),
  members: [longPerson('Ada'), longPerson('Ben'), longPerson('Chiara')],
  player: longPerson('Pia'),
}

export type SeededOffice = Office & {
  manager: Person
  support: Person
  player: Person
  tournamentId: string
  privateId: string
  incidentId: string
  joinCode: string
}

const contact = {
  email: 'fatma@grill.example',
  phone: '+49 30 555 01 77',
  notes: 'Has the key to the lights.',
}

/**
 * An organisation in the middle of its season: people, tournaments, contacts, incidents, keys. Its owner signs up like
 * anybody; where organisations wait, `root` approves this one.
 */
export async function seedOffice(
  url: string,
  words: Words = usualWords,
  root?: Person,
): Promise<SeededOffice> {
  const [owner, manager, support] = words.members
  const office = await newOffice(url, owner, words.organization)
  if (root) {
    const path = { organizationId: office.organizationId }
    await must(url, 'approveOrganization', {
      path,
      token: await bearer(url, 'staff', root),
      body: { approved: true },
    })
  }
  await newMember(url, office, 'manager', manager)
  await newMember(url, office, 'support', support)
  const { organizationId, token } = office
  const path = { organizationId }
  await must(url, 'createInvitation', { path, token, body: { role: 'support', note: words.note } })
  await must(url, 'createApiKey', {
    path,
    token,
    body: { name: words.note, scopes: ['tournaments:read', 'organization:read'], expiresInDays: 90 },
  })
  const { tournamentId, joinCode } = await seedTournament(url, office, words)
  const privateId = await seedPrivate(url, office, words)
  const about = { tournamentId, name: words.incident, description: words.description, priority: 'high' }
  const { incidentId } = (await must(url, 'openIncident', { path, token, body: about })).body
  const own = await bearer(url, 'staff', support)
  for (const body of [{ content: words.description }, { content: 'Called the electrician.' }]) {
    await must(url, 'addComment', { path: { organizationId, incidentId }, token: own, body })
  }
  await must(url, 'openIncident', {
    path,
    token: own,
    body: { tournamentId, name: 'Order more bibs', description: 'Twenty are missing.', priority: 'low' },
  })
  await newPlayerAccount(url, words.player)
  const player = await bearer(url, 'players', words.player)
  const { firstName, lastName } = words.player
  for (const id of [tournamentId, privateId]) {
    await must(url, 'joinTournament', { path: { id }, token: player, body: { firstName, lastName } })
  }
  return { ...office, manager, support, player: words.player, tournamentId, privateId, incidentId, joinCode }
}

async function seedTournament(url: string, { organizationId, token }: Office, words: Words) {
  const { body } = await must(url, 'createTournament', {
    token,
    body: {
      organizationId,
      name: words.tournament,
      limit: 16,
      teams: { preset: 'nations' },
      description: words.description,
      address: words.address,
      latitude: 52.5345,
      longitude: 13.3792,
      startsAt: '2031-06-12T17:30:00.000Z',
      endsAt: '2031-06-12T21:00:00.000Z',
      visibility: 'public',
    },
  })
  const [first] = words.members
  for (const [index, lastName] of ['Silva', 'Okafor', 'Rossi', first.lastName].entries()) {
    await join(url, body.id, lastName, `Player${index}`)
  }
  const path = { organizationId }
  await must(url, 'createContact', {
    path,
    token,
    body: { tournamentId: body.id, firstName: 'Fatma', lastName: first.lastName, ...contact },
  })
  await must(url, 'createContact', {
    path,
    token,
    body: { tournamentId: body.id, firstName: 'Uwe', lastName: 'Brandt', phone: contact.phone },
  })
  return { tournamentId: body.id, joinCode: body.joinCode }
}

async function seedPrivate(url: string, { organizationId, token }: Office, words: Words): Promise<string> {
  const name = words === usualWords ? 'Trainers’ evening' : `2${words.tournament.slice(1)}`
  const { body } = await must(url, 'createTournament', {
    token,
    body: {
      organizationId,
      name,
      limit: 8,
      teams: { preset: 'classic' },
      startsAt: '2031-07-03T18:00:00.000Z',
      visibility: 'private',
    },
  })
  for (const lastName of ['Haddad', words.members[1].lastName]) await join(url, body.id, lastName, 'Farid')
  return body.id
}
