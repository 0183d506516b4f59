import {
  type Caller,
  changedThings,
  newId,
  organizationInternals,
  organizationOperations,
} from '@matchday/contracts'
import type { JsonObject, ServiceDefinition, Transaction } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { type Cast, castOf, inputOf } from './testing/cast.ts'
import { type Lab, type OwnOperation, openLab } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { otherService, staff } from './testing/people.ts'
import { joined, organizationIn, previewing, tokenOf } from './testing/world.ts'

const lab = await labOfFile()

type Write = keyof typeof organizationOperations | keyof typeof organizationInternals
/** Every operation that writes, by its contract. */
const writes = [...Object.values(organizationOperations), ...Object.values(organizationInternals)]
  .filter(({ kind }) => kind === 'command')
  .map(({ name }) => name as Write)

type Asked = { readonly input: JsonObject; readonly by: Caller }

/** A request that has an effect, for each. */
async function effective(of: Lab, name: Write, cast: Cast): Promise<Asked> {
  const { owner, author, organizationId } = cast
  switch (name) {
    case 'registerOrganization':
      return { input: { name: `Club ${newId()}` }, by: staff() }
    case 'approveOrganization':
      return { input: { ...cast.in, approved: false }, by: staff('admin') }
    case 'acceptInvitation':
      return { input: { token: await tokenOf(of, organizationId, owner, 'support') }, by: staff() }
    case 'enterPreview':
      return { input: cast.in, by: staff('admin') }
    case 'leavePreview':
      return { input: {}, by: await previewing(of, organizationId) }
    case 'forgetAccount':
      return { input: { accountId: (await previewing(of, organizationId)).accountId }, by: otherService }
    case 'forgetMember':
      return { input: { ...cast.in, accountId: cast.people.manager.accountId }, by: otherService }
    case 'changeMember':
      return { input: { ...inputOf(name, cast), role: 'manager' }, by: owner }
    case 'changeComment':
    case 'deleteComment':
      return { input: inputOf(name, cast), by: author }
    default:
      // What is left is asked by owners of things that are there.
      return { input: inputOf(name as keyof typeof organizationOperations, cast), by: owner }
  }
}

const changesOf = async (of: Lab) =>
  of.tables.rows<{ thing: string; action: string; kind: string; id: string | null }>(
    `select thing, action, by_kind as kind, by_id as id from changelog order by change_id`,
    [],
  )

const isDeletion = ({ thing, action }: { thing: string; action: string }) =>
  thing === 'organization' && action === 'deleted'

/** Writes that take effect, and leave nothing in the changelog. */
async function unrecorded(of: Lab, names: readonly Write[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of names) {
    const { input, by } = await effective(of, name, await castOf(of))
    const before = await changesOf(of)
    await of.ok(name, input, by)
    const after = await changesOf(of)
    // What goes with its organisation goes from here too, but for the one line that says so.
    const lines = (rows: typeof after) =>
      name === 'deleteOrganization' ? rows.filter(isDeletion).length : rows.length
    if (lines(after) === lines(before)) found.push(name)
  }
  return found
}

describe('every write', () => {
  it('of the contract is in the changelog', async () => {
    expect(writes).toHaveLength(22)
    expect(await unrecorded(lab, writes)).toEqual([])
  }, 60_000)

  it('that forgot it would be found', async () => {
    const forgetful = await openLab({
      define: (definition) => forgetting(definition, ['addComment', 'enterPreview']),
    })
    expect(await unrecorded(forgetful, ['addComment', 'changeContact', 'enterPreview'])).toEqual([
      'addComment',
      'enterPreview',
    ])
    await forgetful.close()
  })

  it.each(['changeContact', 'deleteIncident', 'changeMember'] as const)(
    '%s that is refused leaves no line',
    async (name) => {
      const cast = await castOf(lab)
      const before = await changesOf(lab)
      const { input } = await effective(lab, name, cast)
      expect(await lab.outcome(name, input, staff())).toBe('not-found')
      expect(await lab.outcome(name, input, cast.people['admin and support'])).toMatch(/not-allowed|ok/)
      const missing = { ...input, contactId: newId(), incidentId: newId(), accountId: newId() }
      expect(await lab.outcome(name, missing, cast.owner)).toBe('not-found')
      expect((await changesOf(lab)).length - before.length).toBe(name === 'deleteIncident' ? 1 : 0)
    },
  )

  it('that fails at its end leaves nothing at all', async () => {
    const other = await openLab()
    const cast = await castOf(other)
    const state = async () => [
      await changesOf(other),
      await other.tables.rows('select * from contacts order by contact_id', []),
      await other.tables.rows('select * from organizations order by organization_id', []),
    ]
    const before = await state()
    // The answer is the last thing that a transaction writes.
    await other.tables.rows(
      `create function fail() returns trigger language plpgsql as $$ begin raise exception 'planted'; end $$`,
      [],
    )
    await other.tables.rows('create trigger fail before insert on answers execute function fail()', [])
    for (const name of ['createContact', 'changeOrganization', 'deleteOrganization'] as const) {
      expect(await other.outcome(name, inputOf(name, cast), cast.owner)).toBe('internal')
    }
    expect(await state()).toEqual(before)
    await other.tables.rows('drop trigger fail on answers', [])
    expect(await other.outcome('createContact', inputOf('createContact', cast), cast.owner)).toBe('ok')
    expect(await state()).not.toEqual(before)
    await other.close()
  })

  it('that was as wanted already adds no line', async () => {
    const cast = await castOf(lab)
    const before = await changesOf(lab)
    await lab.ok('changeMember', inputOf('changeMember', cast), cast.owner)
    await lab.ok('approveOrganization', { ...cast.in, approved: true }, staff('admin'))
    await lab.ok('changeContact', { ...inputOf('changeContact', cast), notes: '' }, cast.owner)
    await lab.ok('leavePreview', {}, staff('admin'))
    expect(await changesOf(lab)).toEqual(before)
  })

  it('is there once, however often it is sent', async () => {
    const cast = await castOf(lab)
    const before = await changesOf(lab)
    const id = newId()
    for (const instance of [0, 1, 0]) {
      await lab.ok('addComment', inputOf('addComment', cast), cast.owner, { id, instance })
    }
    expect(await changesOf(lab)).toHaveLength(before.length + 1)
  })
})

/** The same service, whose commands of these names write no changelog. */
function forgetting(definition: ServiceDefinition, names: readonly OwnOperation[]): ServiceDefinition {
  const handlers = Object.entries(definition.handlers).map(([name, entry]) => {
    if (entry.kind !== 'row-command' || !names.includes(name as OwnOperation)) return [name, entry] as const
    const run: typeof entry.handler.run = (transaction, command) => {
      const deaf: Transaction = {
        query: (text, values) =>
          text.startsWith('insert into changelog') ? Promise.resolve([]) : transaction.query(text, values),
      }
      return entry.handler.run(deaf, command)
    }
    return [name, { ...entry, handler: { ...entry.handler, run } }] as const
  })
  return { ...definition, handlers: Object.fromEntries(handlers) }
}

describe('the changelog', () => {
  it('says who did what, and what came of it', async () => {
    const club = await organizationIn(lab)
    const support = await club.support()
    lab.neighbours.isCalled(club.owner.accountId, 'Ann', 'Smith')
    const change = { ...club.in, accountId: support.accountId, role: 'manager' }
    await lab.ok('changeMember', change, club.owner)
    await lab.ok('removeMember', { ...club.in, accountId: support.accountId }, support)
    const { items } = await lab.ok('listChanges', club.in, club.owner)
    const told = items.map((item: Record<string, unknown>) => [item.thing, item.action, item.after, item.by])
    const ann = { kind: 'staff', accountId: club.owner.accountId, name: 'Ann Smith' }
    const sam = { kind: 'staff', accountId: support.accountId, name: null }
    const { accountId } = support
    const invitationId = expect.any(String)
    expect(told.slice(0, 4)).toEqual([
      ['member', 'deleted', null, sam],
      ['member', 'changed', { accountId, role: 'manager' }, ann],
      ['member', 'created', { accountId, role: 'support', invitationId }, sam],
      ['invitation', 'created', { role: 'support', expiresAt: expect.any(String) }, ann],
    ])
    const profile = { name: club.name, address: null, website: null, status: 'approved' }
    expect(told.slice(4)).toEqual(
      expect.arrayContaining([
        ['organization', 'created', profile, ann],
        ['member', 'created', { accountId: club.owner.accountId, role: 'owner' }, ann],
      ]),
    )
  })

  it('is read by members alone, one line or many, of all or of one account', async () => {
    const [club, other] = [await organizationIn(lab), await organizationIn(lab)]
    const support = await club.support()
    const list = async (filter = {}) =>
      (await lab.ok('listChanges', { ...club.in, ...filter }, support)).items as {
        changeId: string
        by: { accountId: string }
      }[]
    const all = await list()
    expect(all).toHaveLength(4)
    expect(await list({ accountId: support.accountId })).toEqual(
      all.filter(({ by }) => by.accountId === support.accountId),
    )
    expect(await list({ accountId: newId() })).toEqual([])
    const { changeId } = all[0]!
    expect(await lab.ok('getChange', { ...club.in, changeId }, support)).toEqual(all[0])
    expect(await lab.outcome('getChange', { ...other.in, changeId }, other.owner)).toBe('not-found')
    expect(await lab.outcome('getChange', { ...club.in, changeId: newId() }, support)).toBe('not-found')
  })

  it('shows administrators what administrators did, anywhere', async () => {
    const [one, two] = [await organizationIn(lab), await organizationIn(lab)]
    const admin = staff('admin')
    await joined(lab, one.organizationId, one.owner, 'manager', admin)
    await lab.ok('createInvitation', { ...one.in, role: 'support' }, admin)
    await previewing(lab, two.organizationId, admin)
    await lab.ok('changeOrganization', { ...two.in, address: 'x' }, admin)
    await lab.ok('leavePreview', {}, admin)
    await lab.ok(
      'deleteOrganization',
      { ...two.in, name: two.name },
      await previewing(lab, two.organizationId, admin),
    )
    const list = async (filter = {}) =>
      (await lab.ok('listAdminChanges', { ...filter, limit: 100 }, staff('superadmin'))).items.map(
        (item: Record<string, unknown>) => [item.organizationId, item.thing, item.action],
      )
    // What was told of the deleted organisation went with it, but for that.
    expect(await list({ accountId: admin.accountId })).toEqual([
      [null, 'organization', 'deleted'],
      [one.organizationId, 'invitation', 'created'],
      [one.organizationId, 'member', 'created'],
    ])
    expect((await list()).length).toBeGreaterThan(3)
    expect(await list({ accountId: one.owner.accountId })).toEqual([])
  })

  it('tells administrators elsewhere that others looked after something, and not what people wrote in it', async () => {
    const cast = await castOf(lab)
    const { organizationId, ids, people } = cast
    const admin = people['admin in preview']
    const { tournamentId = '', incidentId = '' } = ids
    const somebody = { firstName: 'Canary', lastName: 'Bird', email: 'canary@example.org', notes: 'canary' }
    await lab.ok('createContact', { ...cast.in, tournamentId, ...somebody }, admin)
    await lab.ok('addComment', { ...cast.in, incidentId, content: 'canary' }, admin)
    await lab.ok('changeIncident', { ...cast.in, incidentId, description: 'canary' }, admin)
    const filter = { accountId: admin.accountId, limit: 100 }
    const { items } = await lab.ok('listAdminChanges', filter, staff('superadmin'))
    expect(items.map(({ thing }: { thing: string }) => thing)).toEqual([
      ...['incident', 'comment', 'contact', 'organization'],
    ])
    expect(items.every((item: JsonObject) => item.organizationId === organizationId)).toBe(true)
    expect(JSON.stringify(items)).not.toMatch(/canary/i)
    // Whoever belongs to it, or looks into it, reads it there.
    const own = await lab.ok('listChanges', { ...cast.in, ...filter }, cast.owner)
    expect(JSON.stringify(own).match(/canary@example.org/g)).toHaveLength(1)
  })

  it('tells each organisation of previews, also when one is left for another', async () => {
    const [one, two] = [await organizationIn(lab), await organizationIn(lab)]
    const admin = await previewing(lab, one.organizationId)
    await previewing(lab, two.organizationId, admin)
    await lab.ok('leavePreview', {}, admin)
    for (const club of [one, two]) {
      const { items } = await lab.ok('listChanges', { ...club.in, accountId: admin.accountId }, club.owner)
      expect(items).toMatchObject([
        { action: 'preview-left', after: null, by: { kind: 'administrator' } },
        { action: 'preview-entered', after: { until: expect.any(String) } },
      ])
    }
  })

  it('knows nothing but what the contract names', async () => {
    const things = new Set((await changesOf(lab)).map(({ thing }) => thing))
    for (const thing of things) expect(changedThings).toContain(thing)
  })

  it('works on while names can’t be told', async () => {
    const club = await organizationIn(lab)
    lab.neighbours.isCalled(club.owner.accountId, 'Ann', 'Smith')
    const [known] = (await lab.ok('listChanges', club.in, club.owner)).items
    lab.neighbours.down.add('identity-staff')
    const [unknown] = (await lab.ok('listChanges', club.in, club.owner)).items
    lab.neighbours.down.clear()
    expect(known.by.name).toBe('Ann Smith')
    expect(unknown).toEqual({ ...known, by: { ...known.by, name: null } })
  })
})
