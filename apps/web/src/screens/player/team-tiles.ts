import type { Player, Tournament } from '@matchday/contracts'
import { nameKey } from '@matchday/contracts/names'

export type TeamTile = {
  team: string
  /** Who has picked it. */
  pickedBy: readonly Player[]
  /** Nobody else can have it. */
  isTaken: boolean
  /** First names of others who are looking at it. */
  watchers: readonly string[]
}

/** The teams as a player sees them: free or taken, and who looks where. */
export function teamTiles(
  tournament: Tournament,
  highlights: ReadonlyMap<string, string>,
  ownId: string,
): TeamTile[] {
  const pickedBy = new Map<string, Player[]>()
  const watchers = new Map<string, string[]>()
  for (const player of tournament.players) {
    if (player.pick !== null) add(pickedBy, player.pick, player)
    const looksAt = highlights.get(player.id)
    if (looksAt !== undefined && player.id !== ownId && player.pick === null)
      add(watchers, looksAt, player.firstName)
  }
  return tournament.teams.map((team) => {
    const players = pickedBy.get(team) ?? []
    const isTaken = tournament.picks === 'unique' && players.length > 0
    return { team, pickedBy: players, isTaken, watchers: watchers.get(team) ?? [] }
  })
}

/** Teams whose name contains what was typed, whatever its case and accents. */
export function matching(tiles: readonly TeamTile[], typed: string): readonly TeamTile[] {
  const wanted = nameKey(typed)
  return wanted === '' ? tiles : tiles.filter(({ team }) => nameKey(team).includes(wanted))
}

/** Free teams first, each group in the list's own order. */
export function freeFirst(tiles: readonly TeamTile[]): string[] {
  const taken = tiles.filter(({ isTaken }) => isTaken)
  return [...tiles.filter(({ isTaken }) => !isTaken), ...taken].map(({ team }) => team)
}

/** So that the longest word of a name fits into a tile of a phone: what is broken in the middle is hard to read. */
export function letterSize(team: string): 'full' | 'small' | 'smallest' {
  const longestWord = Math.max(...team.split(/[\s-]/).map((word) => word.length))
  if (longestWord > 11) return 'smallest'
  return longestWord > 9 || team.length > 22 ? 'small' : 'full'
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
