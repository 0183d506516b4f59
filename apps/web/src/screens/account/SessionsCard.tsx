import type { SessionId } from '@matchday/contracts'
import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ConfirmDialog } from '../../components/Dialog.tsx'
import { ErrorText } from '../../components/ErrorText.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { ownCommandOf } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { LineButton, Paged } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { sessionOf } from '../../session/sessions.ts'
import { forgetSession } from './forget-session.ts'
import { homeOf, operationsOf } from './realm-operations.ts'

type Session = { id: SessionId; usedAt: string; device: string | null; isThis: boolean }

/** Where the account is signed in, and how to end that. */
export function SessionsCard({ realm }: { realm: Realm }) {
  const { account } = peopleTexts()
  const [isAsking, setAsking] = useState(false)
  const pages = usePages<Session>(`sessions ${realm}`, (query) =>
    sessionOf[realm].call(operationsOf[realm].listSessions, { query }),
  )
  return (
    <section class="card stack" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{account.sessions}</h2>
      <Paged pages={pages}>
        <ul class="lines">
          {pages.items.map((session) => (
            <SessionLine key={session.id} realm={realm} session={session} onEnded={pages.reload} />
          ))}
        </ul>
      </Paged>
      <div class="form-actions">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {account.everywhere}
        </button>
      </div>
      {isAsking ? <SignOutDialog realm={realm} onClose={() => setAsking(false)} /> : null}
    </section>
  )
}

type LineProps = { realm: Realm; session: Session; onEnded: () => Promise<void> }

function SessionLine({ realm, session, onEnded }: LineProps) {
  const { account } = peopleTexts()
  const useOwnCommand = ownCommandOf[realm]
  const command = useOwnCommand(operationsOf[realm].endSession)
  const device = session.device ?? account.unknownDevice
  const end = async () => {
    const sent = await command.send({ params: { sessionId: session.id } })
    if (sent.status === 'done' || sent.status === 'rejected') await onEnded()
  }
  return (
    <li class="line">
      <span class="line-text">
        <strong>
          {device}
          {session.isThis ? <span class="pill">{account.thisDevice}</span> : null}
        </strong>
        <span class="soft">{account.usedAt(dateTime(session.usedAt))}</span>
        <ErrorText text={command.failure?.text} />
      </span>
      {session.isThis ? null : (
        <LineButton
          action={account.end}
          spoken={account.endThat(device)}
          onPress={end}
          isBusy={command.isBusy}
        />
      )}
    </li>
  )
}

export function SignOutDialog({ realm, onClose }: { realm: Realm; onClose: () => void }) {
  const { account, nav } = peopleTexts()
  const { route } = useLocation()
  const useOwnCommand = ownCommandOf[realm]
  const command = useOwnCommand(operationsOf[realm].signOut)
  const signOut = async () => {
    const sent = await command.send({})
    // Refused means that there is no session any more.
    if (sent.status === 'unknown') return
    await forgetSession(realm)
    route(homeOf[realm])
  }
  return (
    <ConfirmDialog
      title={account.everywhereAsk}
      about={account.everywhereAbout}
      action={command.isBusy ? nav.signingOut : nav.signOut}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={() => void signOut()}
      onClose={onClose}
    />
  )
}
