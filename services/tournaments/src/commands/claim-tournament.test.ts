import { describe, expect, it } from 'vitest'
import type { TournamentEvent } from '../domain/event.ts'
import { modelOrganizations } from '../testing/model-organizations.ts'
import { archived, claimed, created, joined, joiningSet } from '../testing/past.ts'
import {
  key,
  numberedId,
  organizationId,
  organizer,
  otherOrganizationId,
  otherTournamentId,
  staff,
  tournamentId,
} from '../testing/people.ts'
import { passOf } from '../testing/test-passes.ts'
import { codeOf, when } from '../testing/when.ts'

const [manager, support, stranger, administrator] = [101, 102, 103, 104].map((number) =>
  numberedId<'staff'>(number),
) as [never, never, never, never]
const past = [created({ name: 'Cup', limit: 4 }), joined('Ann'), joiningSet(false)]

function claim(
  after: readonly TournamentEvent[] = past,
  { by = staff(manager), token = passOf(organizer) } = {},
) {
  const organizations = modelOrganizations()
  organizations.add(organizationId, { [manager]: 'manager', [support]: 'support' })
  return when(after, 'claimTournament', {
    input: { organizationId, organizerToken: token },
    by,
    organizations,
  })
}

describe('taking a tournament into an organisation', () => {
  it('tells all that is listed of it, and keeps it among the organisation’s', async () => {
    expect(await claim()).toMatchObject({
      events: [
        {
          type: 'tournament-claimed',
          data: {
            organizationId,
            name: 'Cup',
            limit: 4,
            joinCode: 'BCDFGH',
            status: 'open',
            joining: false,
            players: 1,
            createdAt: '2025-06-01T12:00:00.000Z',
            details: { visibility: 'unlisted' },
          },
        },
      ],
      claims: [`organization:${organizationId}:${tournamentId}`],
    })
  })

  it('done twice is no change; once it belongs to another it stays there', async () => {
    expect(await claim([...past, claimed(organizationId)])).toMatchObject({ events: [] })
    expect(await codeOf(claim([...past, claimed(otherOrganizationId)]))).toBe('already-claimed')
  })

  it('needs the organiser’s token of this very tournament', async () => {
    const elsewhere = passOf({ kind: 'organizer', tournamentId: otherTournamentId })
    expect(await codeOf(claim(past, { token: elsewhere }))).toBe('not-allowed')
    expect(await codeOf(claim(past, { token: 'x' }))).toBe('not-allowed')
    const private_ = [created({ details: { visibility: 'private' } })]
    expect(await codeOf(claim(private_, { token: 'x' }))).toBe('not-found')
  })

  it('needs somebody who manages the organisation', async () => {
    expect(await codeOf(claim(past, { by: staff(support) }))).toBe('not-allowed')
    expect(await codeOf(claim(past, { by: staff(stranger) }))).toBe('not-found')
    expect(await codeOf(claim(past, { by: staff(administrator, 'admin') }))).toBe('preview-needed')
    expect(await codeOf(claim(past, { by: organizer }))).toBe('not-allowed')
    expect(await codeOf(claim(past, { by: key(organizationId, 'tournaments:write') }))).toBe('not-allowed')
  })

  it('names the first rule that is broken', async () => {
    expect(await codeOf(claim([]))).toBe('not-found')
    expect(await codeOf(claim([...past, archived]))).toBe('tournament-archived')
  })
})
