import { type PlayerAccountId, type TournamentId, tournamentInternals } from '@matchday/contracts'
import { type JsonObject, type ReadContext, read } from '@matchday/kernel'
import { accountIn } from '../account-mark.ts'
import { wholeLastName } from '../domain/person-secrets.ts'
import { personWith } from '../domain/seats.ts'
import { shownPlayer } from '../domain/shown-tournament.ts'
import { existingTournament } from '../queries/existing-tournament.ts'
import { tournamentsOfAccount } from '../queries/seats-of-account.ts'

/** Seats that are looked up at a time. */
const seatsAtOnce = 100

/** All that is kept about the seats of an account, oldest first. */
export const exportSeats = () =>
  read(tournamentInternals.exportSeats, async ({ accountId }, _caller, context) => {
    const ids = await tournamentsOfAccount(context, accountId)
    const seats: JsonObject[] = []
    for (let from = 0; from < ids.length; from += seatsAtOnce) {
      const some = ids.slice(from, from + seatsAtOnce)
      const found = await Promise.all(some.map((id) => exported(context, id, accountId)))
      seats.push(...found.flat())
    }
    return { kind: 'ok', body: { seats } }
  })

async function exported(
  context: ReadContext,
  id: TournamentId,
  accountId: PlayerAccountId,
): Promise<JsonObject[]> {
  const [found, secrets] = await Promise.all([existingTournament(context, id), context.secrets(id)])
  if ('kind' in found) return []
  const { state } = found
  const { mark } = accountIn(id, accountId)
  const person = personWith(state, ({ account }) => account === mark)
  if (person === undefined) return []
  const player = state.players.find((one) => one === person)
  const { pick, team } = player === undefined ? { pick: null, team: null } : shownPlayer(state, player)
  return [
    {
      tournamentId: id,
      tournament: state.name,
      status: state.status,
      startsAt: state.details.startsAt,
      playerId: person.id,
      firstName: person.firstName,
      lastName: wholeLastName(secrets, person),
      shownAs: `${person.firstName} ${person.lastName}`,
      isWaiting: player === undefined,
      pick,
      team,
    },
  ]
}
