import { describe, expect, it } from 'vitest'
import { archived, created, renamed } from '../testing/past.ts'
import { organizer, tournamentId } from '../testing/people.ts'
import { codeOf, eventsOf, when } from '../testing/when.ts'

const past = [created({ name: 'Cup' })]
const rename = (name: string, expectedVersion = 1) =>
  when(past, 'renameTournament', { input: { name }, by: organizer, expectedVersion })

describe('renaming a tournament', () => {
  it('lets the old name go and claims the new one', async () => {
    expect(await rename('  Final ')).toMatchObject({
      events: [{ type: 'tournament-renamed', data: { name: 'Final' } }],
      answer: { id: tournamentId, name: 'Final' },
      claims: [{ key: 'name:final', otherwise: 'name-taken' }],
      releases: ['name:cup'],
    })
  })

  it('works back again', async () => {
    const back = when([...past, renamed('Final')], 'renameTournament', {
      input: { name: 'Cup' },
      by: organizer,
      expectedVersion: 2,
    })
    expect(await back).toMatchObject({ claims: [{ key: 'name:cup' }], releases: ['name:final'] })
  })

  it('to the same name, or to none, changes nothing', async () => {
    expect(await eventsOf(rename(' Cup '))).toEqual([])
    const nothing = when(past, 'renameTournament', { input: {}, by: organizer, expectedVersion: 1 })
    expect(await nothing).toMatchObject({ events: [], answer: { id: tournamentId, name: 'Cup' } })
  })

  it('to another spelling keeps the claim', async () => {
    const decision = await rename('CÚP')
    expect(decision).toMatchObject({ events: [{ data: { name: 'CÚP' } }] })
    expect(decision).not.toHaveProperty('claims')
    expect(decision).not.toHaveProperty('releases')
  })

  it('names the first rule that is broken', async () => {
    const stale = { input: { name: 'Final' }, by: organizer, expectedVersion: 9 }
    expect(await codeOf(when([], 'renameTournament', stale))).toBe('not-found')
    expect(await codeOf(when([...past, archived], 'renameTournament', stale))).toBe('tournament-archived')
    expect(await codeOf(when(past, 'renameTournament', stale))).toBe('stale-version')
  })

  it('is refused as stale even when the name would stay', async () => {
    expect(await codeOf(rename('Cup', 7))).toBe('stale-version')
  })
})
