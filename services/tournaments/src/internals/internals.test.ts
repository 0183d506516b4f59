import { describe, expect, it } from 'vitest'
import {
  anonymized,
  archived,
  claimed,
  created,
  declined,
  joined,
  linked,
  requested,
} from '../testing/past.ts'
import {
  accountIdOf,
  anyone,
  organizationId,
  organizer,
  otherOrganizationId,
  ourselves,
  playerId,
  tournamentId,
} from '../testing/people.ts'
import { codeOf, when } from '../testing/when.ts'

const forget = { input: { accountId: accountIdOf('Ann') }, by: ourselves }
const archive = { input: { organizationId }, by: ourselves }
const accountClaim = `account:${accountIdOf('Ann')}:${tournamentId}`

describe('forgetting the seat of an account that is gone', () => {
  it('takes the name out, also after the draw and in the archive', async () => {
    expect(
      await when([created(), joined('Ann'), linked('Ann'), archived], 'forgetPlayer', forget),
    ).toMatchObject({
      events: [{ type: 'player-anonymized', data: { playerId: playerId('Ann'), lastName: '1' } }],
      redactions: [{ version: 2 }, { version: 3 }],
      releases: [accountClaim],
      answer: { playerId: playerId('Ann') },
    })
  })

  it('ends the waiting of whoever waits with it', async () => {
    const private_ = created({ details: { visibility: 'private' } })
    const waiting = [private_, requested('Ann', { hasAccount: true }), archived]
    expect(await when(waiting, 'forgetPlayer', forget)).toMatchObject({
      events: [{ type: 'entry-declined' }],
      redactions: [{ version: 2 }],
      releases: expect.arrayContaining([accountClaim]),
    })
  })

  it('done twice is no change', async () => {
    const private_ = created({ details: { visibility: 'private' } })
    for (const past of [
      [created(), joined('Ann', { hasAccount: true }), anonymized('Ann', 1)],
      [private_, requested('Ann', { hasAccount: true }), declined('Ann')],
      [created(), joined('Ann')],
    ]) {
      expect(await when(past, 'forgetPlayer', forget)).toMatchObject({
        events: [],
        answer: { playerId: null },
        releases: [accountClaim],
      })
    }
    expect(await codeOf(when([], 'forgetPlayer', forget))).toBe('not-found')
  })
})

describe('archiving with its organisation', () => {
  it('is what archiving is', async () => {
    expect(await when([created(), claimed(organizationId)], 'archiveForOrganization', archive)).toMatchObject(
      {
        events: [{ type: 'tournament-archived' }],
        releases: expect.arrayContaining(['name:cup', 'join-code:BCDFGH']),
      },
    )
    const again = [created({ organizationId }), archived]
    expect(await when(again, 'archiveForOrganization', archive)).toMatchObject({ events: [] })
  })

  it('is for its own only', async () => {
    expect(await codeOf(when([], 'archiveForOrganization', archive))).toBe('not-found')
    expect(await codeOf(when([created()], 'archiveForOrganization', archive))).toBe('not-found')
    const others = [created({ organizationId: otherOrganizationId })]
    expect(await codeOf(when(others, 'archiveForOrganization', archive))).toBe('not-found')
  })
})

describe('telling that its organisation was approved or blocked', () => {
  const note = { input: { organizationId, status: 'blocked' }, by: ourselves }

  it('changes nothing but that it is told', async () => {
    for (const past of [[created({ organizationId })], [created({ organizationId }), archived]]) {
      expect(await when(past, 'noteOrganizationStatus', note)).toMatchObject({
        events: [{ type: 'organization-status-changed', data: { status: 'blocked' } }],
      })
    }
  })

  it('is for its own only', async () => {
    for (const past of [[], [created()], [created({ organizationId: otherOrganizationId })]]) {
      expect(await codeOf(when(past, 'noteOrganizationStatus', note))).toBe('not-found')
    }
  })
})

it('what services ask each other is for services', async () => {
  for (const by of [anyone, organizer]) {
    expect(await codeOf(when([created()], 'forgetPlayer', { ...forget, by }))).toBe('not-allowed')
    expect(await codeOf(when([created()], 'archiveForOrganization', { ...archive, by }))).toBe('not-allowed')
  }
})
