import { lazyScreen } from '../../components/lazy-screen.tsx'
import { Confirm } from '../account/Confirm.tsx'
import { Forgot } from '../account/Forgot.tsx'
import { OidcReturnScreen } from '../account/OidcReturn.tsx'
import { Reset } from '../account/Reset.tsx'
import { SignUp } from '../account/SignUp.tsx'
import { NotFound } from '../NotFound.tsx'
import { AccountPage } from './AccountPage.tsx'
import { Home } from './Home.tsx'
import { OfficeGate } from './OfficeGate.tsx'
import { type Entrance, type Place, placeOf } from './place.ts'
import { Register } from './Register.tsx'
import './office.css'

const OrganizationScreen = lazyScreen(
  async () => (await import('../organization/OrganizationScreen.tsx')).OrganizationScreen,
)

/** Everything below `/office`: for organisers' people. */
export function OfficeScreen({ section = '' }: { section?: string }) {
  const place = placeOf(section)
  if (place === null) return <NotFound />
  if (place.screen === 'entrance') return <EntranceScreen entrance={place.entrance} />
  return (
    <OfficeGate>
      <Room place={place} />
    </OfficeGate>
  )
}

type Inner = Exclude<Place, { screen: 'entrance' }>

function Room({ place }: { place: Inner }) {
  switch (place.screen) {
    case 'home':
      return <Home />
    case 'account':
      return <AccountPage />
    case 'register':
      return <Register />
    case 'part':
    case 'new-event':
    case 'event':
    case 'incident':
      // Another organisation is another page, with a beginning of its own.
      return <OrganizationScreen key={place.organizationId} place={place} />
    default:
      return place satisfies never
  }
}

function EntranceScreen({ entrance }: { entrance: Entrance }) {
  switch (entrance) {
    case 'sign-up':
      return <SignUp realm="staff" />
    case 'forgot':
      return <Forgot realm="staff" />
    case 'confirm':
      return <Confirm realm="staff" />
    case 'reset':
      return <Reset realm="staff" />
    case 'return':
      return <OidcReturnScreen realm="staff" />
    default:
      return entrance satisfies never
  }
}
