import { commitmentOf } from '@matchday/competition'
import type { JsonObject } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { seedOfAttempt } from '../testing/past.ts'
import { anyone, numberedId } from '../testing/people.ts'
import { eventsOf, shown, when } from '../testing/when.ts'

const create = (input: JsonObject) => when([], 'createTournament', { input, by: anyone })

async function fieldsOf(input: JsonObject) {
  const decision = await create(input)
  return decision.kind === 'rejected' ? { code: decision.code, fields: decision.fields } : decision
}

describe('creating a tournament', () => {
  it('needs only a name and a limit: ten classic teams, unique picks, any team for anybody', async () => {
    const [event, ...others] = await eventsOf(create({ name: 'Cup', limit: 10 }))
    expect(others).toEqual([])
    expect(event).toMatchObject({
      type: 'tournament-created',
      data: { name: 'Cup', limit: 10, picks: 'unique', drawMode: 'any', joinCode: 'QRSTVW' },
    })
    expect(event?.data.teams).toEqual([
      'Bayern',
      'PSG',
      'Manchester City',
      'Liverpool',
      'Manchester United',
      'Real Madrid',
      'Chelsea',
      'Atlético Madrid',
      'Juventus',
      'Barcelona',
    ])
  })

  it('tells the commitment of the first draw, and keeps the seed apart', async () => {
    const decision = await create({ name: 'Cup', limit: 2 })
    expect(decision).toMatchObject({
      events: [{ data: { commitment: commitmentOf(seedOfAttempt(2)) } }],
      secrets: [{ name: 'draw-seed-1', value: seedOfAttempt(2) }],
    })
    const { events, answer } = decision.kind === 'accepted' ? decision : { events: [], answer: {} }
    expect(JSON.stringify({ events, answer })).not.toContain(seedOfAttempt(2))
  })

  it('keeps names trimmed and composed', async () => {
    const [event] = await eventsOf(
      create({ name: '  Cafe\u0301 Cup ', limit: 2, teams: { names: [' One', 'Cafe\u0301 '] } }),
    )
    expect(event?.data).toMatchObject({ name: 'Caf\u00e9 Cup', teams: ['One', 'Caf\u00e9'] })
  })

  it('claims the name without case, accents and invisible characters, and the join code', async () => {
    expect(await create({ name: 'Ba\u200brçelona  CUP', limit: 2 })).toMatchObject({
      claims: [{ key: 'name:barcelona cup', otherwise: 'name-taken' }, 'join-code:QRSTVW'],
    })
  })

  it('takes a preset', async () => {
    const [event] = await eventsOf(create({ name: 'Cup', limit: 48, teams: { preset: 'nations' } }))
    expect(event?.data.teams).toContain('Poland')
  })

  it('refuses teams that stand in the list twice, each at its place', async () => {
    const names = ['PSG', 'Bayern', 'psg', 'P\u200bSG', 'BÁYERN']
    expect(await fieldsOf({ name: 'Cup', limit: 2, teams: { names } })).toEqual({
      code: 'invalid-input',
      fields: [
        { path: '/body/teams/names/2', code: 'duplicate', message: 'The same team as number 1.' },
        { path: '/body/teams/names/3', code: 'duplicate', message: 'The same team as number 1.' },
        { path: '/body/teams/names/4', code: 'duplicate', message: 'The same team as number 2.' },
      ],
    })
  })

  it('refuses more seats than teams with unique picks, and tells all that is wrong at once', async () => {
    const refused = await fieldsOf({ name: 'Cup', limit: 4, teams: { names: ['a', 'b', 'A'] } })
    expect(refused).toMatchObject({
      code: 'invalid-input',
      fields: [
        { path: '/body/teams/names/2', code: 'duplicate' },
        { path: '/body/limit', code: 'more-than-teams' },
      ],
    })
    expect(await fieldsOf({ name: 'Cup', limit: 11 })).toMatchObject({ fields: [{ path: '/body/limit' }] })
  })

  it('allows more seats than teams when picks are shared', async () => {
    expect(await create({ name: 'Cup', limit: 256, picks: 'shared' })).toMatchObject({ kind: 'accepted' })
  })

  it('shows the address of the code and the token of the organiser', async () => {
    const input = { name: 'Cup', limit: 2 }
    const id = numberedId(77)
    expect(await shown('createTournament', create(input), input, 1)).toEqual({
      id,
      joinCode: 'QRSTVW',
      joinUrl: 'https://matchday.test/j/QRSTVW',
      organizerToken: `signed {"kind":"organizer","tournamentId":"${id}"}`,
      version: 1,
    })
  })

  it('keeps a claim short enough for an index, whatever the name is written out as', async () => {
    const decision = await create({ name: '\ufdfa'.repeat(100), limit: 2 })
    const claims = decision.kind === 'accepted' ? (decision.claims ?? []) : []
    const [name] = claims.map((claim) => (typeof claim === 'string' ? claim : claim.key))
    expect(new TextEncoder().encode(name).length).toBeLessThan(900)
  })
})
