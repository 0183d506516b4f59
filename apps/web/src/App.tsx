import type { ComponentType } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso'
import { Announcer } from './components/Announcer.tsx'
import { Notice } from './components/Notice.tsx'
import { TopBar } from './components/TopBar.tsx'
import { loadAgain } from './device/load-again.ts'
import { texts } from './i18n/language.ts'
import { NotFound } from './screens/NotFound.tsx'

/** Every screen is a chunk of its own: a phone that joins never loads the organiser's. */
const CreateScreen = screen(async () => (await import('./screens/create/CreateScreen.tsx')).CreateScreen)
const HostScreen = screen(async () => (await import('./screens/host/HostScreen.tsx')).HostScreen)
const BigScreen = screen(async () => (await import('./screens/host/HostScreen.tsx')).BigScreen)
const JoinScreen = screen(async () => (await import('./screens/join/JoinScreen.tsx')).JoinScreen)
const PlayerScreen = screen(async () => (await import('./screens/player/PlayerScreen.tsx')).PlayerScreen)
const PassScreen = screen(async () => (await import('./screens/player/PassScreen.tsx')).PassScreen)
const CheckScreen = screen(async () => (await import('./screens/check/CheckScreen.tsx')).CheckScreen)

function screen<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async (): Promise<ComponentType<Props>> => {
    try {
      return await loadAgain(load)
    } catch {
      // No network, or a new version whose chunks have other names: loading the page again helps.
      return Broken
    }
  })
}

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
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
      <Announcer />
    </LocationProvider>
  )
}

/** Something was thrown while rendering, or a screen could not be loaded. */
function Broken() {
  const { empty } = texts()
  return (
    <>
      <TopBar />
      <Notice icon="signal" title={empty.broken} about={empty.brokenAbout}>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {empty.reload}
        </button>
      </Notice>
    </>
  )
}
