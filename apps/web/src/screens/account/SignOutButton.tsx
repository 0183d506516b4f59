import type { SessionId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'
import type { Realm } from '@matchday/contracts/roles'
import { useLocation } from 'preact-iso'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Icon } from '../../components/Icon.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { ownCommandOf } from '../../people/commands.ts'
import { sessionOf } from '../../session/sessions.ts'
import { forgetSession } from './forget-session.ts'
import { homeOf, operationsOf } from './realm-operations.ts'

/** Ends the session of this device, and no other one. */
export function SignOutButton({ realm }: { realm: Realm }) {
  const { nav } = peopleTexts()
  const { route } = useLocation()
  const useOwnCommand = ownCommandOf[realm]
  const command = useOwnCommand(operationsOf[realm].endSession)
  const signOut = async () => {
    const sessionId = sessionOf[realm].facts.fresh()?.sessionId
    if (sessionId !== undefined && isSessionId(sessionId)) {
      const sent = await command.send({ params: { sessionId } })
      // Refused means that there is no such session any more.
      if (sent.status === 'unknown') return
    }
    await forgetSession(realm)
    route(homeOf[realm])
  }
  return (
    <>
      <ErrorText text={command.failure?.text} />
      <button type="button" class="button" disabled={command.isBusy} onClick={() => void signOut()}>
        <Icon name="leave" />
        {command.isBusy ? nav.signingOut : nav.signOut}
      </button>
    </>
  )
}

function isSessionId(text: string): text is SessionId {
  return isId(text)
}
