import { defineTournaments } from '@matchday/tournaments'
import type { Role } from './role.ts'
import { startService } from './service-role.ts'

export const startTournamentsRole: Role['start'] = async (context) => {
  const { signer } = context.keys
  if (signer === null) throw new Error('the settings were to be checked for a key that signs')
  const definition = defineTournaments({
    // The port may be chosen by the system, so the address for phones is known only when it is asked for.
    joinUrl: (code) => `${context.publicAddress()}/j/${code}`,
    signPass: (caller) => {
      if (caller.kind !== 'organizer' && caller.kind !== 'player') throw new Error('he has no pass')
      return signer.sign(caller)
    },
  })
  return startService(context, { ...definition, name: 'tournaments' })
}
