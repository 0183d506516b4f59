import {
  type Caller,
  type Operation,
  type OperationName,
  type PlayerId,
  type TournamentId,
  tournamentOperations,
} from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { countingService } from './testing/counting-service.ts'
import { type ModelReply, type ModelSystem, modelSystem } from './testing/model-system.ts'
import {
  anyone,
  key,
  numberedId,
  organizationId,
  otherOrganizationId,
  otherTournamentId,
  staff,
  withAccount,
} from './testing/people.ts'

/**
 * Whom each policy lets in, and what the others are told, written out once more: in a tournament of nobody's, in a
 * public and a private one of an organisation, in a public one whose organisation is blocked, and where there is none.
 *
 * in: lets in · na: not-allowed · nf: not-found · pn: preview-needed · ob: organization-blocked
 */
const places = ['instant', 'public', 'private', 'blocked', 'unknown'] as const
type Place = (typeof places)[number]
const codes = {
  na: 'not-allowed',
  nf: 'not-found',
  pn: 'preview-needed',
  ob: 'organization-blocked',
} as const

const organizerTable = {
  anyone: 'na na nf nf nf',
  // With an organisation whoever holds the token is nobody any more.
  organizer: 'in na nf nf nf',
  'other organizer': 'na na nf nf nf',
  player: 'na na na nf nf',
  'player who left': 'na na nf nf nf',
  'old pass': 'na na nf nf nf',
  'player elsewhere': 'na na nf nf nf',
  'account with a seat': 'na na na nf nf',
  'account without': 'na na nf nf nf',
  support: 'na na na ob nf',
  manager: 'na in in ob nf',
  owner: 'na in in ob nf',
  'owner elsewhere': 'na na nf nf nf',
  administrator: 'na pn pn pn nf',
  'administrator in preview': 'na in in in nf',
  key: 'na in in ob nf',
  'key without scope': 'na na nf nf nf',
  'key elsewhere': 'na na nf nf nf',
  service: 'na na na nf nf',
} as const
type Who = keyof typeof organizerTable
type Table = Readonly<Record<Who, string>>
const withoutKeys = { key: 'na na nf nf nf' } as const

const reads: Table = {
  anyone: 'in in nf nf nf',
  organizer: 'in in nf nf nf',
  'other organizer': 'in in nf nf nf',
  player: 'in in in nf nf',
  'player who left': 'in in nf nf nf',
  'old pass': 'in in nf nf nf',
  'player elsewhere': 'in in nf nf nf',
  'account with a seat': 'in in in nf nf',
  'account without': 'in in nf nf nf',
  support: 'in in in nf nf',
  manager: 'in in in nf nf',
  owner: 'in in in nf nf',
  'owner elsewhere': 'in in nf nf nf',
  administrator: 'in in nf nf nf',
  'administrator in preview': 'in in in in nf',
  key: 'in in in nf nf',
  'key without scope': 'in in nf nf nf',
  'key elsewhere': 'in in nf nf nf',
  service: 'in in in nf nf',
}
const self: Table = {
  anyone: 'na na nf nf nf',
  organizer: 'na na nf nf nf',
  'other organizer': 'na na nf nf nf',
  player: 'in in in nf nf',
  // That of somebody else, as far as the path goes.
  'player who left': 'na na nf nf nf',
  'old pass': 'in in in nf nf',
  'player elsewhere': 'na na nf nf nf',
  'account with a seat': 'na na na nf nf',
  'account without': 'na na nf nf nf',
  support: 'na na na nf nf',
  manager: 'na na na nf nf',
  owner: 'na na na nf nf',
  'owner elsewhere': 'na na nf nf nf',
  administrator: 'na na nf nf nf',
  'administrator in preview': 'na na na nf nf',
  key: 'na na nf nf nf',
  'key without scope': 'na na nf nf nf',
  'key elsewhere': 'na na nf nf nf',
  service: 'na na na nf nf',
}
/** Whoever wants to leave may. */
const leaving = { player: 'in in in in nf', 'old pass': 'in in in in nf' } as const
const everybodyMayJoin: Table = Object.fromEntries(
  Object.keys(organizerTable).map((who) => [who, 'in in in nf nf']),
) as Table

function tableOf(operation: Operation): Table | null {
  switch (operation.policy) {
    case 'anyone':
      return operation.kind === 'command' ? everybodyMayJoin : reads
    case 'organizer':
      return organizerTable
    case 'self':
      return self
    case 'organizer-or-self':
      return { ...organizerTable, ...leaving, ...(operation.scope ? {} : withoutKeys) }
    default:
      // Each of these looks itself at what the caller has to do with the tournament; see its own tests.
      return null
  }
}

const id = (number: number) => numberedId<'staff'>(number)
const staffOf = { owner: id(100), manager: id(101), support: id(102), previewing: id(104) } as const

// Each has what its operation's contract asks for.
const inputs: Partial<Record<OperationName, JsonObject>> = {
  joinTournament: { firstName: 'Cleo', lastName: 'Smith' },
  pickTeam: { team: 'none' },
  highlightTeam: { team: null },
  setJoining: { open: true },
  voidDraw: { reason: 'x' },
  decideEntryRequest: { accepted: true },
}

type Scene = { system: ModelSystem; id: TournamentId; playerId: PlayerId; leftId: PlayerId }

async function sceneIn(place: Place): Promise<Scene> {
  const system = modelSystem(countingService())
  const { owner, manager, support, previewing } = staffOf
  const roles = { [owner]: 'owner', [manager]: 'manager', [support]: 'support' } as const
  system.organizations.add(organizationId, roles, [previewing])
  system.organizations.add(otherOrganizationId, { [id(105)]: 'owner' })
  const isInstant = place === 'instant' || place === 'unknown'
  const input = { name: 'Cup', limit: 10, ...(isInstant ? {} : { organizationId }) }
  const created = await system.send({ operation: 'createTournament', input, by: staff(manager) })
  expect(created.kind).toBe('ok')
  const tournamentId = system.streams()[0] as TournamentId
  const playerId = await seat(system, tournamentId, 'Ann', withAccount('Ann'))
  const leftId = await seat(system, tournamentId, 'Ben', anyone)
  const runs: Caller = isInstant ? { kind: 'organizer', tournamentId } : staff(manager)
  await system.send({
    operation: 'removePlayer',
    input: { id: tournamentId, playerId: leftId },
    by: runs,
  })
  const by: Caller = { kind: 'player', tournamentId, playerId, pass: 1 }
  await system.send({ operation: 'movePass', input: { id: tournamentId, playerId }, by })
  if (place === 'private') {
    const details = { id: tournamentId, visibility: 'private' }
    await system.send({ operation: 'changeDetails', input: details, by: runs })
  }
  if (place === 'blocked') system.organizations.set(organizationId, 'blocked')
  return { system, id: place === 'unknown' ? numberedId(999) : tournamentId, playerId, leftId }
}

async function seat(system: ModelSystem, id: TournamentId, firstName: string, by: Caller): Promise<PlayerId> {
  const input = { id, firstName, lastName: 'Smith' }
  const reply = await system.send({ operation: 'joinTournament', input, by })
  // The contract says that it is a player's id.
  return (reply.kind === 'ok' ? reply.body?.playerId : null) as PlayerId
}

function callerFor(who: Who, { id: tournamentId, playerId, leftId }: Scene): Caller {
  const ann = { kind: 'player', tournamentId, playerId, pass: 2 } as const
  const callers: Record<Who, Caller> = {
    anyone,
    organizer: { kind: 'organizer', tournamentId },
    'other organizer': { kind: 'organizer', tournamentId: otherTournamentId },
    player: ann,
    'player who left': { ...ann, playerId: leftId, pass: 1 },
    'old pass': { ...ann, pass: 1 },
    'player elsewhere': { ...ann, tournamentId: otherTournamentId },
    'account with a seat': withAccount('Ann'),
    'account without': withAccount('Ben'),
    support: staff(staffOf.support),
    manager: staff(staffOf.manager),
    owner: staff(staffOf.owner),
    'owner elsewhere': staff(id(105)),
    administrator: staff(id(103), 'superadmin'),
    'administrator in preview': staff(staffOf.previewing, 'admin'),
    key: key(organizationId, 'tournaments:read', 'tournaments:write'),
    'key without scope': key(organizationId, 'organization:read', 'incidents:write'),
    'key elsewhere': key(otherOrganizationId, 'tournaments:read', 'tournaments:write'),
    service: { kind: 'service', service: 'helpdesk' },
  }
  return callers[who]
}

const inTournaments = Object.values(tournamentOperations).flatMap((operation: Operation) => {
  const table = operation.params?.properties.id === undefined ? null : tableOf(operation)
  return table === null ? [] : [{ name: operation.name, policy: operation.policy, table }]
})

function setJoining(scene: Scene, who: Who): Promise<ModelReply> {
  const input = { id: scene.id, open: true }
  return scene.system.send({ operation: 'setJoining', input, by: callerFor(who, scene) })
}

/** What a caller is told in each place, as the table writes it. */
async function toldTo(
  name: OperationName,
  who: Who,
  change: (system: ModelSystem) => void = () => {},
): Promise<string> {
  const told: string[] = []
  for (const place of places) {
    const scene = await sceneIn(place)
    change(scene.system)
    const input = { id: scene.id, playerId: scene.playerId, ...inputs[name] }
    const reply = await scene.system.send({ operation: name, input, by: callerFor(who, scene) })
    const code = reply.kind === 'ok' ? 'ok' : reply.code
    told.push(Object.entries(codes).find(([, refusal]) => refusal === code)?.[0] ?? 'in')
  }
  return told.join(' ')
}

describe.each(inTournaments)('$name is for $policy', ({ name, table }) => {
  it.each(Object.keys(organizerTable) as Who[])('%s', async (who) => {
    expect(await toldTo(name, who)).toBe(table[who])
  })
})

it('a guard that believes what is wrong is found out by this', async () => {
  const takesAllForOwners = ({ organizations }: ModelSystem) =>
    organizations.add(organizationId, { [staffOf.support]: 'owner' })
  expect(await toldTo('setJoining', 'support', takesAllForOwners)).not.toBe(organizerTable.support)
})

it('there are a good many of these', () => {
  expect(inTournaments.length * Object.keys(organizerTable).length * places.length).toBeGreaterThan(1_500)
})

describe('what is found out', () => {
  it('about a tournament of nobody’s is nothing: nobody is asked, whoever calls', async () => {
    const scene = await sceneIn('instant')
    for (const { name } of inTournaments) {
      for (const who of Object.keys(organizerTable) as Who[]) {
        const input = { id: scene.id, playerId: scene.playerId, ...inputs[name] }
        await scene.system.send({ operation: name, input, by: callerFor(who, scene) })
      }
    }
    expect(scene.system.organizations.asked()).toEqual([])
  })

  it('about players is nothing beyond whether the organisation may be seen', async () => {
    const scene = await sceneIn('public')
    const before = scene.system.organizations.asked().length
    for (const name of ['getTournament', 'pickTeam', 'getSeat'] as const) {
      const input = { id: scene.id, playerId: scene.playerId, ...inputs[name] }
      await scene.system.send({ operation: name, input, by: callerFor('player', scene) })
    }
    expect(scene.system.organizations.asked()).toHaveLength(before)
  })

  it('is needed: without the service of organisations its people can do nothing, and all others go on', async () => {
    const scene = await sceneIn('public')
    const { system } = scene
    system.organizations.setReachable(false)
    await expect(setJoining(scene, 'manager')).rejects.toThrow()
    const leaving = { operation: 'removePlayer' as const, input: { id: scene.id, playerId: scene.playerId } }
    expect(await system.send({ ...leaving, by: callerFor('player', scene) })).toMatchObject({ kind: 'ok' })
    const seen = await system.send({
      operation: 'getTournament',
      input: { id: scene.id },
      by: callerFor('manager', scene),
    })
    expect(seen).toMatchObject({ kind: 'ok' })
  })

  it('is what counts at this very moment', async () => {
    const scene = await sceneIn('public')
    const { system } = scene
    expect(await setJoining(scene, 'manager')).toMatchObject({ kind: 'ok' })
    system.organizations.add(organizationId, {})
    expect(await setJoining(scene, 'manager')).toMatchObject({ code: 'not-allowed' })
  })
})

describe('whoever changes sides', () => {
  it('a tournament that was nobody’s is the organisation’s from the moment on in which it is claimed', async () => {
    const scene = await sceneIn('instant')
    const { system } = scene
    expect(await setJoining(scene, 'manager')).toMatchObject({ code: 'not-allowed' })
    const organizerToken = `signed ${JSON.stringify(callerFor('organizer', scene))}`
    const input = { id: scene.id, organizationId, organizerToken }
    const claimed = await system.send({
      operation: 'claimTournament',
      input,
      by: callerFor('manager', scene),
    })
    expect(claimed).toMatchObject({ kind: 'ok' })
    // What was known of its owner is out of date, which is noticed before anything is decided on it.
    expect(await setJoining(scene, 'manager')).toMatchObject({ kind: 'ok' })
    expect(await setJoining(scene, 'organizer')).toMatchObject({ code: 'not-allowed' })
    system.organizations.set(organizationId, 'blocked')
    const getTournament = { operation: 'getTournament' as const, input: { id: scene.id }, by: anyone }
    expect(await system.send(getTournament)).toMatchObject({ code: 'not-found' })
  })
})
