import type { PlayerAccountId, PlayerId } from '@matchday/contracts'

/** What is known of somebody and never told in events: kept beside the stream, and gone with his name. */
export const nameSecret = (playerId: PlayerId) => `name:${playerId}`
export const accountSecret = (playerId: PlayerId) => `account:${playerId}`

/** Somebody's account: its id, and what is told of it. */
export type Account = {
  readonly id: PlayerAccountId
  /** Hash of account and tournament. */
  readonly mark: string
}
type Secret = { readonly name: string; readonly value: string }

export function personSecrets(
  playerId: PlayerId,
  wholeLastName: string | null,
  account: Account | null,
): readonly Secret[] {
  const secrets: Secret[] = []
  if (wholeLastName !== null) {
    secrets.push({ name: nameSecret(playerId), value: JSON.stringify({ lastName: wholeLastName }) })
  }
  if (account !== null) secrets.push({ name: accountSecret(playerId), value: account.id })
  return secrets
}

/** The whole last name, if it is kept; else it is shown whole, or forgotten. */
export function wholeLastName(
  secrets: ReadonlyMap<string, string>,
  { id, lastName }: { readonly id: PlayerId; readonly lastName: string },
): string {
  const kept = secrets.get(nameSecret(id))
  if (kept === undefined) return lastName
  // Nothing but `personSecrets` writes it.
  return (JSON.parse(kept) as { readonly lastName: string }).lastName
}
