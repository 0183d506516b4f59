import { newId, tournamentEvents } from '@matchday/contracts'
import type { RecordedEvent } from '@matchday/kernel'
import { describe, expect, it } from 'vitest'
import { tournamentChange } from './tournament-change.ts'

const event = (type: string, data: RecordedEvent['data'], by = 'staff'): RecordedEvent => ({
  stream: newId(),
  version: 1,
  type,
  data,
  at: '2025-06-01T12:00:00.000Z',
  by,
})

describe('the changelog tells of a tournament', () => {
  it('what was changed', () => {
    expect(tournamentChange(event('tournament-renamed', { name: 'Cup' }))).toEqual({ name: 'Cup' })
    expect(tournamentChange(event('tournament-archived', {}))).toEqual({})
    expect(tournamentChange(event('tournament-renamed', { name: 'Cup' }, 'key'))).toEqual({ name: 'Cup' })
  })

  it('nothing that players do', () => {
    for (const by of ['player', 'anyone', 'player-account']) {
      expect(tournamentChange(event('player-removed', { playerId: newId() }, by))).toBeNull()
    }
    expect(tournamentChange(event('team-picked', { team: 'PSG' }, 'organizer'))).toBeNull()
  })

  it('nothing that it doesn’t know', () => {
    expect(tournamentChange(event('something-new', { secret: 1 }))).toBeNull()
    expect(tournamentChange(event('toString', {}))).toBeNull()
  })

  it('nobody’s name', () => {
    for (const type of Object.keys(tournamentEvents.schemas)) {
      const named = { firstName: 'Ada', lastName: 'L.', nameKey: 'x', account: 'y', contribution: 'z' }
      const told = tournamentChange(event(type, named))
      expect(JSON.stringify(told), type).not.toMatch(/Ada|L\.|[xyz]"/)
    }
  })
})
