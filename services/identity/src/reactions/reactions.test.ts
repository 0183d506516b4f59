import { type InternalOperation, newId } from '@matchday/contracts'
import { Fault, type Reaction, type RecordedEvent, type Reply } from '@matchday/kernel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf, type IdentityLab, openIdentityLab } from '../testing/identity-lab.ts'
import { type Person, register, signInAs } from '../testing/people.ts'

const organizationId = newId()
const event = (type: string): RecordedEvent => ({
  stream: organizationId,
  version: 7,
  type,
  data: {},
  at: '2025-06-01T12:00:00.000Z',
  by: 'staff',
})

describe('what the service does when something has happened to an organisation', () => {
  let lab: IdentityLab
  let members: Person[]
  let stranger: Person
  const ran: string[] = []
  beforeAll(async () => {
    lab = await openIdentityLab()
    members = [await register(lab, 'a@example.org'), await register(lab, 'b@example.org')]
    stranger = await register(lab, 'c@example.org')
  })
  afterAll(() => lab.close())

  function reaction(type: string): Reaction {
    const found = lab.definition.reactions?.find(({ types }) => types.includes(type))
    if (found === undefined) throw new Error(`nothing reacts to ${type}`)
    return found
  }
  /** What a reaction may do, on the lab. `memberIds` as the organisations say. */
  function contextOf(memberIds: readonly string[], run?: () => Promise<Reply>) {
    return {
      rows: lab.rows,
      ask: (operation: InternalOperation) =>
        operation.name === 'listMemberIds'
          ? Promise.resolve({ kind: 'ok', body: { accountIds: memberIds } })
          : Promise.reject(new Fault('unavailable', 'not asked for here')),
      run: async (id: string, operation: InternalOperation, input: never) => {
        ran.push(id)
        return run?.() ?? lab.internal(operation.name, input)
      },
      claims: () => Promise.resolve([]),
    } as never
  }
  const isIn = async (person: Person) =>
    codeOf(await lab.call('getStaffProfile', {}, { by: person.caller })) === 'ok'

  it('blocked: all its members are signed out, and nobody else', async () => {
    const ids = [...members.map(({ accountId }) => accountId), newId()]
    await reaction('organization-blocked').react(event('organization-blocked'), contextOf(ids))
    expect(await Promise.all(members.map(isIn))).toEqual([false, false])
    expect(await isIn(stranger)).toBe(true)
    // Ids come from the event, so that the same event again does nothing new.
    expect(ran).toEqual(ids.map((id) => `blocked:${organizationId}:7:${id}`))
    for (const { accountId } of members) {
      expect((await lab.events(accountId)).at(-1)).toMatchObject({ type: 'sessions-ended' })
    }
    // They may come back, and see what they still belong to.
    expect(await isIn(await signInAs(lab, members[0]!.email))).toBe(true)
  })

  it('blocked: it is tried again until everybody is signed out', async () => {
    const failing = async (): Promise<Reply> => ({ kind: 'fault', code: 'unavailable', retryable: true })
    const again = reaction('organization-blocked').react(
      event('organization-blocked'),
      contextOf([stranger.accountId], failing),
    )
    await expect(again).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  })

  it('deleted: its keys are gone, and no others', async () => {
    for (const organization of [organizationId, newId()]) {
      await lab.rows(
        `insert into api_keys (id, organization_id, name, scopes, hash, start, created_at)
          values (gen_random_uuid(), $1, 'Key', '{tournaments:read}', $2, 'mdk_', now())`,
        [organization, `hash of ${organization}`],
      )
    }
    await reaction('organization-deleted').react(event('organization-deleted'), contextOf([]))
    const left = await lab.rows<{ id: string }>('select organization_id as id from api_keys', [])
    expect(left).toHaveLength(1)
    expect(left[0]!.id).not.toBe(organizationId)
  })

  it('the players’ realm follows nobody', async () => {
    const players = await openIdentityLab({ realm: 'players' })
    expect(players.definition.reactions).toEqual([])
    await players.close()
  })
})
