import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { wholeLastName } from '../domain/person-secrets.ts'
import { existingTournament } from './existing-tournament.ts'
import { pageAfter } from './page.ts'

export const listEntryRequests = () =>
  read(tournamentOperations.listEntryRequests, async ({ id, ...asked }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const secrets = await context.secrets(id)
    const page = pageAfter(found.state.requests, asked, ({ since }) => since)
    const items = page.items.map((request) => ({
      playerId: request.id,
      firstName: request.firstName,
      lastName: wholeLastName(secrets, request),
      requestedAt: request.requestedAt,
    }))
    return { kind: 'ok', body: { items, next: page.next } }
  })
