import type { PlayerId } from '@matchday/contracts'
import type { ExistingTournament } from './state.ts'

export type PickableTeam = { name: string; pickedBy?: PlayerId; picks: number }

/** The list in its order, and who has picked what; with shared picks, whoever joined first. */
export function pickableTeams({ teams, players }: ExistingTournament): PickableTeam[] {
  const items = new Map<string, PickableTeam>(teams.map((name) => [name, { name, picks: 0 }]))
  for (const { id, pick } of players) {
    const item = pick === null ? undefined : items.get(pick)
    if (item === undefined) continue
    item.pickedBy ??= id
    item.picks++
  }
  return [...items.values()]
}
