import { PassThrough } from 'node:stream'
import { newId } from '@matchday/contracts'
import { createLog } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { createFixture, goodReply, ids, inputFor, targetOf } from './edge-fixture.ts'

/** What was logged about the refusals of some requests. */
async function refusals(
  level: 'info' | 'warn',
  ask: (edge: Awaited<ReturnType<typeof createFixture>>['edge']) => Promise<unknown>,
) {
  const lines = new PassThrough()
  const { edge } = await createFixture(
    (operation) =>
      operation.name === 'getOrganization' ? { kind: 'rejected', code: 'not-found' } : goodReply(operation),
    { log: createLog(level, lines), config: { plainHttpAccounts: 'allowed' } },
  )
  await ask(edge)
  const texts = String(lines.read() ?? '')
    .split('\n')
    .filter((line) => line !== '')
  return { texts, told: texts.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'refused') }
}

const { path: tournament } = inputFor(targetOf('getTournament'))
const { path: organization } = inputFor(targetOf('getOrganization'))

describe('what is refused', () => {
  it('is told with who it was and what he wanted, and without what he brought along', async () => {
    const id = newId()
    const { told, texts } = await refusals('info', async (edge) => {
      const bearer = { authorization: 'Bearer player-token' }
      await edge.inject({
        method: 'DELETE',
        url: `/api/admin/administrators/${newId()}`,
        headers: { authorization: 'Bearer staff-token', 'x-request-id': id },
      })
      await edge.inject({ url: '/api/staff/me', headers: { authorization: 'Bearer canary-token' } })
      await edge.inject({ method: 'POST', url: `${tournament}/archive`, headers: bearer })
      await edge.inject({ url: organization, headers: { authorization: 'Bearer staff-token' } })
      await edge.inject({ url: `${tournament}?canary-query=1`, headers: bearer })
      await edge.inject({
        method: 'POST',
        url: '/api/tournaments',
        headers: { 'content-type': 'application/json' },
        payload: '{"canary-body":',
      })
    })
    expect(told).toMatchObject([
      {
        requestId: id,
        method: 'DELETE',
        route: '/api/admin/administrators/:accountId',
        code: 'not-allowed',
        by: 'staff',
        actor: ids.staff,
      },
      { route: '/api/staff/me', code: 'not-authenticated', by: null, actor: null },
      { route: '/api/tournaments/:id/archive', code: 'not-allowed', by: 'player', actor: ids.player },
      { route: '/api/organizations/:organizationId', code: 'not-found', by: 'staff' },
      { route: '/api/tournaments/:id', code: 'invalid-input', by: 'player' },
      { method: 'POST', route: '/api/tournaments', code: 'unreadable-request', by: 'anyone' },
    ])
    expect(texts.join()).not.toContain('canary')
  })

  it('is not told as often as anybody mistypes a code or an address, nor unless somebody wants to know', async () => {
    const mistyped = await refusals('info', async (edge) => {
      await edge.inject({ url: '/api/nothing' })
      await edge.inject({ url: tournament.replace(ids.tournament, 'x') })
      await edge.inject({ url: tournament })
    })
    expect(mistyped.told).toEqual([])
    const quiet = await refusals('warn', (edge) => edge.inject({ url: '/api/staff/me' }))
    expect(quiet.told).toEqual([])
  })
})
