import { normalizeJoinCode, tournamentOperations } from '@matchday/contracts'
import { read, reject } from '@matchday/kernel'
import { isHidden } from '../domain/access.ts'
import { joinCodeClaim } from '../domain/claims.ts'
import { seatsLeft } from '../domain/seats.ts'
import { knownOrganization } from '../views/organizations.ts'
import { existingTournament } from './existing-tournament.ts'

/** A private tournament too: whoever has its code was invited, and may ask to be let in. */
export const findByJoinCode = () =>
  read(tournamentOperations.findByJoinCode, async ({ code }, _caller, context) => {
    const id = await context.holder(joinCodeClaim(normalizeJoinCode(code)))
    if (id === null) return reject('not-found')
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const { state } = found
    // It may have been archived after the code was looked up.
    if (state.status === 'archived') return reject('not-found')
    if (state.organizationId !== null) {
      const known = await knownOrganization(context, state.organizationId)
      if (isHidden({ organization: known?.status ?? null })) return reject('not-found')
    }
    const joining = state.status === 'open' && state.joining
    const body = { tournamentId: state.id, name: state.name, joining, seatsLeft: seatsLeft(state) }
    return { kind: 'ok', version: found.version, body }
  })
