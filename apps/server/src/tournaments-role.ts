import { createNameKeys, defineTournaments } from '@matchday/tournaments'
import type { Role } from './role.ts'
import { startService } from './service-role.ts'

/** Of the keys under which names of players are compared without being told. */
const namesOfPlayers = 'names of players'

export const startTournamentsRole: Role['start'] = async (context) => {
  const { signer, verifier, secretFor } = context.keys
  if (signer === null || secretFor === null) {
    throw new Error('the settings were to be checked for a key that signs')
  }
  const definition = defineTournaments({
    // The port may be chosen by the system, so the address for phones is known only when it is asked for.
    joinUrl: (code) => `${context.publicAddress()}/j/${code}`,
    signPass: (holder) => signer.sign(holder),
    verifyPass: (token) => verifier.verify(token),
    nameKeyOf: createNameKeys(secretFor(namesOfPlayers)),
  })
  return startService(context, { ...definition, name: 'tournaments' })
}
