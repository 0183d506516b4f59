import { useEffect, useState } from 'preact/hooks'
import { useScreen } from '../../components/use-screen.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useFragmentToken } from '../../people/fragment.ts'
import { WaitingPage } from '../../people/Lists.tsx'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { useQuery } from '../../people/use-query.ts'
import { peopleApi, staff } from '../../session/sessions.ts'
import { LinkGone } from '../account/Confirm.tsx'
import { Entrance } from '../account/Entrance.tsx'
import { SignInForm } from '../account/SignIn.tsx'
import { SignUpForm } from '../account/SignUpForm.tsx'
import { AcceptInvitation, type Invitation, InvitationWords } from './AcceptInvitation.tsx'
import { OfficeGate } from './OfficeGate.tsx'
import { keepInvitation, keptInvitation } from './pending-invitation.ts'
import './office.css'

/** Where the link of an invitation leads: what it is, then who one is, then one press. */
export function InviteScreen() {
  const { invite } = officeTexts()
  const brought = useFragmentToken()
  // Whoever loads the page again has no fragment any more, but the device remembers.
  const token = brought ?? keptInvitation(Date.now())
  const asked = useQuery(token === null ? null : `invitation ${token}`, () =>
    peopleApi('lookAtInvitation', { body: { token: token ?? '' } }),
  )
  useEffect(() => {
    if (token !== null && asked.status === 'ready') keepInvitation(token, asked.value.expiresAt)
  }, [asked.status])
  if (token === null || asked.status === 'rejected') {
    return <LinkGone realm="staff" about={invite.goneAbout} />
  }
  if (asked.status !== 'ready') {
    return (
      <PeoplePage realm="staff">
        <WaitingPage pages={asked} />
      </PeoplePage>
    )
  }
  if (staff.facts.value.value === null) return <WhoAreYou invitation={asked.value} token={token} />
  return (
    <OfficeGate>
      <Accept invitation={asked.value} token={token} />
    </OfficeGate>
  )
}

type Props = { invitation: Invitation; token: string }

function Accept({ invitation, token }: Props) {
  const { invite } = officeTexts()
  const heading = useScreen(invite.title)
  return (
    <main id="content" class="desk desk-narrow">
      <header class="desk-head">
        <h1 ref={heading} tabIndex={-1}>
          {invite.headline}
        </h1>
      </header>
      <section class="card stack" aria-label={invite.title}>
        <InvitationWords invitation={invitation} />
        <AcceptInvitation invitation={invitation} token={token} />
      </section>
    </main>
  )
}

function WhoAreYou({ invitation, token }: Props) {
  const { invite } = officeTexts()
  const { signIn, signUp } = peopleTexts()
  const [hasAccount, setHasAccount] = useState(false)
  return (
    <Entrance
      realm="staff"
      headline={invite.headline}
      lead={invite.lead}
      title={hasAccount ? signIn.title : signUp.title}
    >
      <InvitationWords invitation={invitation} />
      {hasAccount ? <SignInForm realm="staff" /> : <SignUpForm realm="staff" invitation={token} />}
      <p class="ways-in">
        <span>
          {hasAccount ? signIn.noAccount : signIn.haveAccount}{' '}
          <button type="button" class="link" onClick={() => setHasAccount(!hasAccount)}>
            {hasAccount ? signIn.toSignUp : signIn.title}
          </button>
        </span>
      </p>
    </Entrance>
  )
}
