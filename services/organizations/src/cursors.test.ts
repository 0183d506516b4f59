import { type Caller, newId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import { beforeAll, describe, expect, it } from 'vitest'
import { operationsOfThis } from './testing/conforms.ts'
import type { OwnOperation } from './testing/lab.ts'
import { labOfFile } from './testing/lab-of-file.ts'
import { staff } from './testing/people.ts'
import { joined, organizationIn, tokenOf, type World } from './testing/world.ts'

const lab = await labOfFile()
let club: World
let other: World
let incidentId: string
const many = 7
const admin = staff('superadmin')

async function filled(): Promise<{ world: World; incidentId: string }> {
  const world = await organizationIn(lab)
  const tournamentId = lab.neighbours.tournamentOf(world.organizationId)
  const about = { ...world.in, tournamentId }
  const rain = { name: 'Rain', description: 'It pours', priority: 'high' }
  const first = await lab.ok('openIncident', { ...about, ...rain }, world.owner)
  for (let count = 1; count < many; count++) {
    await world.support()
    await tokenOf(lab, world.organizationId, world.owner, 'support')
    await lab.ok('createContact', { ...about, firstName: 'A', lastName: String(count) }, world.owner)
    await lab.ok('openIncident', { ...about, ...rain }, world.owner)
    await lab.ok('addComment', { ...world.in, ...first, content: String(count) }, world.owner)
    await joined(lab, world.organizationId, world.owner, 'manager', count === 1 ? admin : staff())
    await lab.ok('approveOrganization', { ...world.in, approved: count % 2 === 0 }, admin)
    await lab.ok('approveOrganization', { ...world.in, approved: true }, admin)
  }
  return { world, incidentId: first.incidentId }
}

beforeAll(async () => {
  const one = await filled()
  const two = await filled()
  club = one.world
  incidentId = one.incidentId
  other = two.world
  for (let count = 0; count < many; count++) {
    await lab.ok('registerOrganization', { name: `Club ${newId()}` }, admin)
  }
}, 60_000)

/** Every list of the contract, asked by whoever may. */
const lists = operationsOfThis
  .filter(({ query }) => query?.properties.after !== undefined)
  .map(({ name }) => name as OwnOperation)
const input = (name: OwnOperation): JsonObject =>
  name === 'listComments' ? { ...club.in, incidentId } : club.in
const by = (name: OwnOperation): Caller =>
  ['listOrganizations', 'listAdminChanges', 'listMyOrganizations'].includes(name) ? admin : club.owner

type Page = { items: readonly unknown[]; next: string | null }
async function pages(name: OwnOperation, limit: number): Promise<readonly Page[]> {
  const found: Page[] = []
  let after: string | null = null
  do {
    const cursor: JsonObject = after === null ? {} : { after }
    const page = (await lab.ok(name, { ...input(name), limit, ...cursor }, by(name))) as Page
    found.push(page)
    after = page.next
  } while (after !== null)
  return found
}

it('there are lists', () => {
  expect(lists).toHaveLength(9)
})

describe.each(lists)('%s', (name) => {
  it('shows everything once, whatever the size of its pages', async () => {
    const [all] = await pages(name, 100)
    expect(all!.items.length).toBeGreaterThan(4)
    for (const limit of [1, 2, 3, all!.items.length]) {
      const shown = await pages(name, limit)
      expect(shown.flatMap(({ items }) => items)).toEqual(all!.items)
      // No page is empty, and none is followed by an empty one.
      for (const { items } of shown) expect(items.length).toBeGreaterThan(0)
    }
  })

  it('refuses what is no cursor', async () => {
    for (const after of ['x', 'null', '1', newId().toUpperCase(), `${newId()}x`, "' or 1=1 --", '%']) {
      const reply = await lab.send(name, { ...input(name), after }, by(name))
      expect(reply).toMatchObject({ code: 'invalid-input', fields: [{ path: '/query/after' }] })
    }
  })

  it('shows nobody more for a cursor of another’s list, or an invented one', async () => {
    const [all] = await pages(name, 100)
    const own = new Set(all!.items.map((item) => JSON.stringify(item)))
    const theirs = await lab.tables.rows<{ id: string }>(
      `select change_id as id from changelog where organization_id = $1
       union all select member_id from members where organization_id = $1
       union all select invitation_id from invitations where organization_id = $1
       union all select contact_id from contacts where organization_id = $1
       union all select incident_id from incidents where organization_id = $1
       union all select comment_id from comments where organization_id = $1`,
      [other.organizationId],
    )
    const cursors = [...theirs.slice(0, 60).map(({ id }) => id), newId(0), newId(2 ** 47), newId()]
    for (const after of cursors) {
      const { items } = (await lab.ok(name, { ...input(name), after, limit: 100 }, by(name))) as Page
      for (const item of items) expect(own.has(JSON.stringify(item))).toBe(true)
    }
  })
})

it('a page stays where it is while things come and go before it', async () => {
  const limit = 2
  const first = (await lab.ok('listContacts', { ...club.in, limit }, club.owner)) as Page
  const [gone] = first.items as { contactId: string }[]
  const before = (await lab.ok('listContacts', { ...club.in, limit, after: first.next! }, club.owner)) as Page
  await lab.ok('deleteContact', { ...club.in, contactId: gone!.contactId }, club.owner)
  // Also when what the cursor names is gone itself.
  const [, last] = first.items as { contactId: string }[]
  await lab.ok('deleteContact', { ...club.in, contactId: last!.contactId }, club.owner)
  const after = (await lab.ok('listContacts', { ...club.in, limit, after: first.next! }, club.owner)) as Page
  expect(after).toEqual(before)
})
