import type { DrawMode, PickRule, TeamPreset } from '@matchday/contracts'
import { nameKey, normalizeName } from '@matchday/contracts/names'

export type TeamChoice = TeamPreset | 'custom'

/** The form as it stands; what the server gets is made from it by `requestOf`. */
export type CreateForm = {
  name: string
  seats: number
  choice: TeamChoice
  custom: string
  drawMode: DrawMode
  picks: PickRule
}

export const emptyForm: CreateForm = {
  name: '',
  seats: 10,
  choice: 'classic',
  custom: '',
  drawMode: 'any',
  picks: 'unique',
}

/** The bounds of a tournament, as in the contract (which carries schemas that no phone should load). */
export const seatsMin = 2
export const seatsMax = 256
export const teamsMin = 2
export const teamsMax = 256

/** How many teams the server's lists hold; only hints, the server decides. */
export const presetSizes: Readonly<Record<TeamPreset, number>> = { classic: 10, clubs: 52, nations: 64 }

/** The lines of the own list, without empty ones. */
export function customTeams(text: string): string[] {
  return text
    .split('\n')
    .map(normalizeName)
    .filter((name) => name !== '')
}

/** Names that stand in the list more than once, each once, as first written. */
export function namesTwice(names: readonly string[]): string[] {
  const first = new Map<string, string>()
  const twice = new Set<string>()
  for (const name of names) {
    const key = nameKey(name)
    const before = first.get(key)
    if (before === undefined) first.set(key, name)
    else twice.add(before)
  }
  return [...twice]
}

export function teamCount(form: CreateForm): number {
  return form.choice === 'custom' ? customTeams(form.custom).length : presetSizes[form.choice]
}

export function hasTooFewTeams(form: CreateForm): boolean {
  return form.picks === 'unique' && form.seats > teamCount(form)
}

export function boundedSeats(seats: number): number {
  return Math.min(seatsMax, Math.max(seatsMin, Math.round(seats)))
}

export function requestOf(form: CreateForm) {
  const { name, seats, choice, custom, drawMode, picks } = form
  const teams = choice === 'custom' ? { names: customTeams(custom) } : { preset: choice }
  return { name: normalizeName(name), limit: seats, teams, drawMode, picks }
}
