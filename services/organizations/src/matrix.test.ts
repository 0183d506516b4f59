import {
  type Caller,
  isAtLeast,
  newId,
  type Operation,
  type OrganizationId,
  type OrganizationRole,
  organizationOperations as operations,
  organizationRoles,
} from '@matchday/contracts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Cast, castOf, inputOf, keysOf, strangers } from './testing/cast.ts'
import { dryRun } from './testing/dry-run.ts'
import type { Lab } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { staff } from './testing/people.ts'

/**
 * Who may what, for every operation of the contract, everybody who could call it, and every organisation that he could
 * name. A role: as that he acts, so he may what its policy asks for, and is told `not-allowed` otherwise. A code: so he
 * is refused, whatever he asks for. `waits`: `not-approved`, but for what may be done while waiting.
 */
// biome-ignore format: a table is read in columns
const inside = {
  //                           approved          pending           blocked                 another's         unknown, deleted
  anyone:                     ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
  'an organiser’s token':     ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
  'a player’s pass':          ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
  'a player with an account': ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
  'another service':          ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
  'no member':                ['not-found',      'not-found',      'not-found',            'not-found',      'not-found'],
  support:                    ['support',        'waits',          'organization-blocked', 'not-found',      'not-found'],
  manager:                    ['manager',        'waits',          'organization-blocked', 'not-found',      'not-found'],
  owner:                      ['owner',          'waits',          'organization-blocked', 'not-found',      'not-found'],
  'another owner':            ['owner',          'waits',          'organization-blocked', 'not-found',      'not-found'],
  admin:                      ['preview-needed', 'preview-needed', 'preview-needed',       'preview-needed', 'not-found'],
  superadmin:                 ['preview-needed', 'preview-needed', 'preview-needed',       'preview-needed', 'not-found'],
  'admin and support':        ['support',        'waits',          'organization-blocked', 'preview-needed', 'not-found'],
  'admin in preview':         ['owner',          'owner',          'owner',                'preview-needed', 'not-found'],
  'superadmin in preview':    ['owner',          'owner',          'owner',                'preview-needed', 'not-found'],
  'a key for all':            ['key',            'not-approved',   'organization-blocked', 'not-found',      'not-found'],
  'a key for reading':        ['key',            'not-approved',   'organization-blocked', 'not-found',      'not-found'],
  'a key for incidents':      ['key',            'not-approved',   'organization-blocked', 'not-found',      'not-found'],
  'a key for nothing here':   ['not-allowed',    'not-allowed',    'not-allowed',          'not-allowed',    'not-allowed'],
} as const

const places = ['approved', 'pending', 'blocked', 'another’s', 'unknown', 'deleted'] as const
type Place = (typeof places)[number]
type Who = keyof typeof inside

/** What isn't done while waiting for approval. */
const doneWhileWaiting: readonly string[] = ['getOrganization', 'deleteOrganization']
/** What comes of it when somebody is let in whom a rule of its own refuses. */
const refusedByRule: Partial<Record<string, (role: OrganizationRole) => string>> = {
  // Of somebody else: everybody in these tables is another than who wrote it.
  changeComment: () => 'not-author',
  deleteComment: () => 'not-author',
  // A colleague of support.
  removeMember: (role) => (role === 'support' ? 'not-junior' : 'ok'),
}

/** Who may what outside of organisations. */
// biome-ignore format: a table is read in columns
const outside = {
  //           anyone         staff          administrators
  anyone:     ['ok',          'ok',          'ok'],
  staff:      ['not-allowed', 'ok',          'ok'],
  admin:      ['not-allowed', 'not-allowed', 'ok'],
} as const

type Name = keyof typeof operations
const names = Object.keys(operations) as Name[]
const roles: readonly string[] = organizationRoles
const isInside = (name: Name) => roles.includes(operations[name].policy)

function expectedInside(operation: Operation, who: Who, place: Place, caller: Caller): string {
  if (caller.kind === 'key' && !(operation.scope !== undefined && caller.scopes.includes(operation.scope))) {
    return 'not-allowed'
  }
  const column = Math.min(places.indexOf(place), 4)
  const cell = inside[who][column]!
  const role = cell === 'waits' ? inside[who][0] : cell
  if (cell === 'waits' && !doneWhileWaiting.includes(operation.name)) return 'not-approved'
  if (role === 'key') return after(operation, operation.kind === 'query' ? 'support' : 'manager')
  return roles.includes(role) ? after(operation, role as OrganizationRole) : role
}

function after(operation: Operation, role: OrganizationRole): string {
  if (!isAtLeast(role, operation.policy as OrganizationRole)) return 'not-allowed'
  return refusedByRule[operation.name]?.(role) ?? 'ok'
}

const lab = await labOfFile()
let casts: Record<'approved' | 'pending' | 'blocked' | 'deleted', Cast>
let anothers: Cast
beforeAll(async () => {
  const approved = await castOf(lab)
  const [pending, blocked, deleted] = [await castOf(lab), await castOf(lab), await castOf(lab)]
  casts = { approved, pending, blocked, deleted }
  anothers = await castOf(lab)
  // Nobody comes back to where everybody begins.
  await lab.tables.rows(`update organizations set status = 'pending' where organization_id = $1`, [
    pending.organizationId,
  ])
  await lab.ok('approveOrganization', { ...blocked.in, approved: false }, staff('admin'))
  await lab.ok('deleteOrganization', { ...deleted.in, name: deleted.name }, deleted.owner)
}, 120_000)

/** Who asks, and for what: the organisation that is named, and ids of things that are in it, or would be. */
function asked(name: Name, who: Who, place: Place): { caller: Caller; input: ReturnType<typeof inputOf> } {
  const cast = place === 'another’s' || place === 'unknown' ? casts.approved : casts[place]
  const callers: Record<string, Caller> = { ...strangers, ...cast.people, ...keysOf(cast.organizationId) }
  const things = place === 'another’s' ? anothers : cast
  const named: OrganizationId = place === 'unknown' ? newId() : things.organizationId
  return { caller: callers[who]!, input: inputOf(name, things, named) }
}

const whoever = Object.keys(inside) as Who[]

/** Where what happens is not what the table says. */
async function deviations(of: Lab, name: Name, place: Place): Promise<readonly string[]> {
  const found: string[] = []
  for (const who of whoever) {
    const { caller, input } = asked(name, who, place)
    const should = expectedInside(operations[name], who, place, caller)
    const is = await dryRun(of, name, input, caller)
    if (is !== should) found.push(`${who}: ${is}, not ${should}`)
  }
  return found
}

describe.each(names.filter(isInside))('%s', (name) => {
  it.each(places)('in an organisation that is %s', async (place) => {
    expect(await deviations(lab, name, place)).toEqual([])
  })
})

it('finds a question and a command that let everybody in', async () => {
  const careless: Lab = {
    ...lab,
    entryOf(name) {
      const entry = lab.entryOf(name)
      if (entry.kind === 'read') return { ...entry, handle: async () => ({ kind: 'ok', body: undefined }) }
      if (entry.kind !== 'row-command') return entry
      const run = async () => ({ kind: 'accepted', answer: {} }) as const
      return { ...entry, handler: { ...entry.handler, run } }
    },
  }
  for (const name of ['listMembers', 'changeContact'] as const) {
    for (const place of places) expect(await deviations(careless, name, place)).not.toEqual([])
  }
})

describe.each(names.filter((name) => !isInside(name)))('%s', (name) => {
  const operation = operations[name]
  // What they ask for is refused for another reason, when they may ask.
  const needsOrganization = ['inspectOrganization', 'approveOrganization', 'enterPreview'].includes(name)
  const needsToken = ['lookAtInvitation', 'acceptInvitation'].includes(name)

  it.each(places)('with an organisation that is %s', async (place) => {
    const [is, should]: Record<string, string>[] = [{}, {}]
    const isThere = place !== 'unknown' && place !== 'deleted'
    for (const who of whoever) {
      const { caller, input } = asked(name, who, place)
      const isAdministrator = caller.kind === 'staff' && caller.platformRole !== undefined
      const column = caller.kind !== 'staff' ? 0 : isAdministrator ? 2 : 1
      const allowed = outside[operation.policy as keyof typeof outside][column]
      const otherwise = needsToken ? 'link-expired' : needsOrganization && !isThere ? 'not-found' : 'ok'
      should![who] = allowed === 'ok' ? otherwise : allowed
      is![who] = await dryRun(lab, name, { ...input, ...ownInput(name) }, caller)
    }
    expect(is).toEqual(should)
  })
})

function ownInput(name: Name) {
  const inputs: Partial<Record<Name, Record<string, string | boolean>>> = {
    registerOrganization: { name: `Club ${newId()}` },
    approveOrganization: { approved: true },
    lookAtInvitation: { token: 'x'.repeat(43) },
    acceptInvitation: { token: 'x'.repeat(43) },
  }
  return inputs[name] ?? {}
}

it('looks at more than a thousand cases', () => {
  expect(names.length * whoever.length * places.length).toBeGreaterThan(1_000)
})

it('answers services nothing that is for the web, and the web nothing that is for services', async () => {
  for (const name of Object.keys(lab.definition.internals ?? {}) as Parameters<typeof dryRun>[1][]) {
    for (const caller of [staff('superadmin'), casts.approved.owner, strangers.anyone]) {
      const input = { ...casts.approved.in, accountId: caller.kind, token: 'x', isAdministrator: true }
      expect(await dryRun(lab, name, input, caller), name).toBe('not-allowed')
    }
  }
})
