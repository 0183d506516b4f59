import { newId } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { bodyOf, codeOf } from './testing/identity-lab.ts'
import {
  goodPassword,
  mailedToken,
  type Person,
  register,
  type SessionBody,
  setUp,
} from './testing/people.ts'
import { twoInstances } from './testing/two-instances.ts'

const names = { firstName: 'Ada', lastName: 'Lovelace' }

/**
 * A process that dies right after a commit has answered nobody; the edge sends the same request, with its id, to the
 * next one. Each of these is asked of one instance, whose answer is thrown away, and then of another.
 */
describe('a request whose answer was lost', async () => {
  const answers = { listSoleOwnerships: () => ({ organizationIds: [] }) }
  const [first, next] = await twoInstances({ answers })

  async function twice(name: string, input: object, asking: object = {}) {
    const request = { ...asking, id: newId() }
    const lost = await first.call(name, input as never, request)
    return { lost, told: await next.call(name, input as never, request) }
  }
  const count = async (table: string, where: string, value: string) =>
    (await first.rows(`select 1 from ${table} where ${where} = $1`, [value])).length
  const isIn = async ({ refreshToken }: Pick<SessionBody, 'refreshToken'>) =>
    codeOf(await next.call('renewStaffSession', { refreshToken })) === 'ok'

  it('signing up waits for one link', async () => {
    const email = 'a@example.org'
    const { lost, told } = await twice('signUpStaff', { email, password: goodPassword, ...names })
    expect(told).toEqual(lost)
    expect(await count('sign_ups', 'email', email)).toBe(1)
    expect(await first.rows('select 1 from mails', [])).toHaveLength(1)
  })

  it('confirming makes one account, and tells its session', async () => {
    const email = 'b@example.org'
    await first.call('signUpStaff', { email, password: goodPassword, ...names })
    const token = await mailedToken(first, email)
    const { lost, told } = await twice('confirmStaffEmail', { token, password: goodPassword })
    const [one, other] = [bodyOf<SessionBody>(lost), bodyOf<SessionBody>(told)]
    expect(other.accountId).toBe(one.accountId)
    expect(await isIn(other)).toBe(true)
    expect(await count('accounts', 'email', email)).toBe(1)
  })

  it('renewing tells the same successor', async () => {
    const { refreshToken } = await register(first, 'c@example.org')
    const { lost, told } = await twice('renewStaffSession', { refreshToken })
    expect(bodyOf<SessionBody>(told)).toEqual(bodyOf<SessionBody>(lost))
  })

  it('changing the password tells a session that is good', async () => {
    const person = await register(first, 'd@example.org')
    const change = { oldPassword: goodPassword, newPassword: 'another one, just as long' }
    const { told } = await twice('changeStaffPassword', change, { by: person.caller })
    expect(await isIn(bodyOf<SessionBody>(told))).toBe(true)
  })

  it('signing out, resetting and deleting are told as done', async () => {
    const out = await register(first, 'e@example.org')
    const signedOut = await twice('signOutStaff', {}, { by: out.caller })
    expect([signedOut.lost, signedOut.told].map(codeOf)).toEqual(['ok', 'ok'])
    expect((await first.events(out.accountId)).filter(({ type }) => type === 'sessions-ended')).toHaveLength(
      1,
    )

    const root = await setUp(first)
    const lost = await register(first, 'h@example.org')
    const byRoot = await twice('signOutStaffAccount', { email: lost.email }, { by: root.caller })
    expect([byRoot.lost, byRoot.told].map(codeOf)).toEqual(['ok', 'ok'])
    expect(await count('sign_outs', 'account_id', lost.accountId)).toBe(1)

    const reset: Person = await register(first, 'f@example.org')
    await first.call('requestStaffReset', { email: reset.email })
    const token = await mailedToken(first, reset.email)
    const set = await twice('resetStaffPassword', { token, newPassword: 'set by the link of a mail' })
    expect([set.lost, set.told].map(codeOf)).toEqual(['ok', 'ok'])

    const gone = await register(first, 'g@example.org')
    const deleted = await twice('deleteStaffAccount', { password: goodPassword }, { by: gone.caller })
    expect([deleted.lost, deleted.told].map(codeOf)).toEqual(['ok', 'ok'])
    expect(
      (await first.events(gone.accountId)).filter(({ type }) => type === 'account-deleted'),
    ).toHaveLength(1)
  })

  it('two instances that confirm two sign-ups of one address make one account', async () => {
    const email = 'raced@example.org'
    const tokens: string[] = []
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      await first.call('signUpStaff', { email, password: goodPassword, ...names }, { address })
      tokens.push(await mailedToken(first, email))
    }
    const replies = await Promise.all(
      [first, next].map((at, index) =>
        at.call('confirmStaffEmail', { token: tokens[index]!, password: goodPassword }),
      ),
    )
    expect(replies.map(codeOf).sort()).toEqual(['link-expired', 'ok'])
    expect(await count('accounts', 'email', email)).toBe(1)
  })
})
