import { lazyScreen } from '../../components/lazy-screen.tsx'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { players } from '../../session/sessions.ts'
import { Confirm } from '../account/Confirm.tsx'
import { Forgot } from '../account/Forgot.tsx'
import { OidcReturnScreen } from '../account/OidcReturn.tsx'
import { Reset } from '../account/Reset.tsx'
import { SignIn } from '../account/SignIn.tsx'
import { SignUp } from '../account/SignUp.tsx'
import { NotFound } from '../NotFound.tsx'
import { SeatsPage } from './SeatsPage.tsx'
import './me.css'

const AccountPage = lazyScreen(async () => (await import('./AccountPage.tsx')).AccountPage)

/** Everything below `/me`: for players with an account. */
export function MeScreen({ section = '' }: { section?: string }) {
  switch (section) {
    case 'sign-up':
      return <SignUp realm="players" />
    case 'forgot':
      return <Forgot realm="players" />
    case 'confirm':
      return <Confirm realm="players" />
    case 'reset':
      return <Reset realm="players" />
    case 'return':
      return <OidcReturnScreen realm="players" />
    case '':
    case 'account':
      return <Inside page={section} />
    default:
      return <NotFound />
  }
}

function Inside({ page }: { page: '' | 'account' }) {
  const facts = players.facts.value.value
  if (facts === null) return <SignIn realm="players" />
  return (
    <PeoplePage realm="players" key={facts.accountId}>
      {page === '' ? <SeatsPage /> : <AccountPage />}
    </PeoplePage>
  )
}
