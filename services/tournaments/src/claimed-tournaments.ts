import type { TournamentId } from '@matchday/contracts'
import type { ReadContext } from '@matchday/kernel'

const claimsPerRead = 500

/** Tournaments that hold a claim beginning with a text, in the order of the claims, oldest tournament first. */
export async function* claimedTournaments(
  { claims }: Pick<ReadContext, 'claims'>,
  prefix: string,
): AsyncGenerator<TournamentId> {
  let after: string | null = null
  for (;;) {
    const found: Awaited<ReturnType<typeof claims>> = await claims(prefix, after, claimsPerRead)
    // All streams of this service are tournaments.
    for (const { stream } of found) yield stream as TournamentId
    if (found.length < claimsPerRead) return
    after = found.at(-1)?.key ?? null
  }
}
