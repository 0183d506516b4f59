import { describe, expect, it } from 'vitest'
import { modelOrganizations } from '../testing/model-organizations.ts'
import { archived, created, joined, picked, requested } from '../testing/past.ts'
import { numberedId, organizationId, organizer, staff } from '../testing/people.ts'
import { codeOf, when } from '../testing/when.ts'

describe('archiving', () => {
  it('frees the name and the join code', async () => {
    const past = [created({ name: 'Cup' }), joined('Ann'), picked('Ann', 'PSG')]
    expect(await when(past, 'archiveTournament', { by: organizer })).toMatchObject({
      events: [{ type: 'tournament-archived', data: {} }],
      releases: ['name:cup', 'join-code:BCDFGH'],
      essential: true,
    })
  })

  it('keeps whose seats and whose tournament it is', async () => {
    const past = [
      created({ organizationId, details: { visibility: 'private' } }),
      joined('Ann', { hasAccount: true }),
      requested('Ben'),
    ]
    const organizations = modelOrganizations()
    const by = staff(numberedId<'staff'>(101))
    organizations.add(organizationId, { [numberedId(101)]: 'manager' })
    const decision = await when(past, 'archiveTournament', { by, organizations })
    expect(decision).toMatchObject({ releases: ['name:cup', 'join-code:BCDFGH'] })
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
