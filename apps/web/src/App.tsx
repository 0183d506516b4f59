import { useErrorBoundary } from 'preact/hooks'
import { ErrorBoundary, LocationProvider, Route, Router } from 'preact-iso'
import { Announcer } from './components/Announcer.tsx'
import { Broken, lazyScreen as screen } from './components/lazy-screen.tsx'
import { texts } from './i18n/language.ts'

/** Every screen is a chunk of its own: a phone that joins never loads the organiser's. */
const CreateScreen = screen(async () => (await import('./screens/create/CreateScreen.tsx')).CreateScreen)
const HostScreen = screen(async () => (await import('./screens/host/HostScreen.tsx')).HostScreen)
const BigScreen = screen(async () => (await import('./screens/host/HostScreen.tsx')).BigScreen)
const JoinScreen = screen(async () => (await import('./screens/join/JoinScreen.tsx')).JoinScreen)
const PlayerScreen = screen(async () => (await import('./screens/player/PlayerScreen.tsx')).PlayerScreen)
const PassScreen = screen(async () => (await import('./screens/player/PassScreen.tsx')).PassScreen)
const CheckScreen = screen(async () => (await import('./screens/check/CheckScreen.tsx')).CheckScreen)
/** All other addresses: accounts, organisations, public events. What they need, they load themselves. */
const PeopleScreen = screen(async () => (await import('./people/PeopleScreen.tsx')).PeopleScreen)

export function App() {
  const [broken] = useErrorBoundary()
  if (broken) return <Broken />
  return (
    <LocationProvider>
      <a class="skip-link" href="#content">
        {texts().common.skip}
      </a>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={CreateScreen} />
          <Route path="/host/:id" component={HostScreen} />
          <Route path="/screen/:id" component={BigScreen} />
          <Route path="/j/:code?" component={JoinScreen} />
          <Route path="/t/:id" component={PlayerScreen} />
          <Route path="/t/:id/pass" component={PassScreen} />
          <Route path="/t/:id/check" component={CheckScreen} />
          <Route path="/:area/:section*" component={PeopleScreen} />
        </Router>
      </ErrorBoundary>
      <Announcer />
    </LocationProvider>
  )
}
