import { nameKey, nameProblem, normalizeName, tournamentLimits } from '@matchday/contracts'
import { describe, expect, it } from 'vitest'
import { teamPresets } from './presets.ts'

describe.each(Object.entries(teamPresets))('the list %s', (preset, teams) => {
  it('is long enough', () => {
    expect(teams.length).toBeGreaterThanOrEqual({ classic: 10, clubs: 40, nations: 48 }[preset] ?? Infinity)
    expect(teams.length).toBeLessThanOrEqual(tournamentLimits.teamsMax)
  })

  it('holds each team once', () => {
    expect(new Set(teams.map(nameKey)).size).toBe(teams.length)
  })

  it('holds names as they would be stored', () => {
    expect(teams.filter((team) => nameProblem(team, 'team') !== undefined)).toEqual([])
    expect(teams.map(normalizeName)).toEqual(teams)
  })
})
