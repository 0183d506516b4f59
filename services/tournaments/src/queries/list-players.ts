import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { wholeLastName } from '../domain/person-secrets.ts'
import { existingTournament } from './existing-tournament.ts'
import { pageAfter } from './page.ts'

export const listPlayers = () =>
  read(tournamentOperations.listPlayers, async ({ id, ...asked }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const secrets = await context.secrets(id)
    const page = pageAfter(found.state.players, asked, ({ since }) => since)
    const items = page.items.map((player) => ({
      id: player.id,
      firstName: player.firstName,
      lastName: wholeLastName(secrets, player),
      shownAs: `${player.firstName} ${player.lastName}`,
      hasAccount: player.account !== null,
    }))
    return { kind: 'ok', body: { items, next: page.next } }
  })
