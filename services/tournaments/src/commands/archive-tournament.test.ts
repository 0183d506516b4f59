import { describe, expect, it } from 'vitest'
import { modelOrganizations } from '../testing/model-organizations.ts'
import { archived, created, joined, nameKeyOf, picked, requested } from '../testing/past.ts'
import { numberedId, organizationId, organizer, playerId, staff, tournamentId } from '../testing/people.ts'
import { codeOf, when } from '../testing/when.ts'

describe('archiving', () => {
  it('frees the name, the join code and everything else', async () => {
    const past = [created({ name: 'Cup' }), joined('Ann'), picked('Ann', 'PSG')]
    expect(await when(past, 'archiveTournament', { by: organizer })).toMatchObject({
      events: [{ type: 'tournament-archived', data: {} }],
      releases: expect.arrayContaining([
        'name:cup',
        'join-code:BCDFGH',
        `player:${tournamentId}:${nameKeyOf('Ann', 'Smith')}`,
        `seat:${tournamentId}:1`,
        `pick:${tournamentId}:${playerId('Ann')}`,
        `team:${tournamentId}:1`,
      ]),
      essential: true,
    })
  })

  it('lets go of the names of those who wait, and keeps whose seats and whose tournament it is', async () => {
    const past = [
      created({ organizationId, details: { visibility: 'private' } }),
      joined('Ann', { hasAccount: true }),
      requested('Ben'),
    ]
    const organizations = modelOrganizations()
    const by = staff(numberedId<'staff'>(101))
    organizations.add(organizationId, { [numberedId(101)]: 'manager' })
    const decision = await when(past, 'archiveTournament', { by, organizations })
    const releases = decision.kind === 'accepted' ? decision.releases : []
    expect(releases).toContain(`player:${tournamentId}:${nameKeyOf('Ben', 'Smith')}`)
    expect(releases?.filter((claim) => /^(account|organization):/.test(claim))).toEqual([])
  })

  it('twice is the same answer', async () => {
    const first = await when([created()], 'archiveTournament', { by: organizer })
    const second = await when([created(), archived], 'archiveTournament', { by: organizer })
    expect(second).toMatchObject({ kind: 'accepted', events: [] })
    expect(second.kind === 'accepted' && second.answer).toEqual(first.kind === 'accepted' && first.answer)
  })

  it('needs a tournament', async () => {
    expect(await codeOf(when([], 'archiveTournament', { by: organizer }))).toBe('not-found')
  })
})
