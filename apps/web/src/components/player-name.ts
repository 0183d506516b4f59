/** A player's whole name, as everybody sees it. */
export function fullName(player: { firstName: string; lastName: string }): string {
  return `${player.firstName} ${player.lastName}`
}
