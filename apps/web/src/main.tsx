import { render } from 'preact'
import { App } from './App.tsx'
import { loadAgain } from './device/load-again.ts'
import { followOtherTabs } from './device/storage.ts'
import { followSystemTheme } from './device/theme.ts'
import { serviceWorkerAddress } from './device/worker-address.ts'
import { loadLanguage, preferredLanguage } from './i18n/language.ts'
import './styles/index.css'

/** First things first: whoever joins in a crowded hall gets the page alone, and the copy for later after it. */
const keepShellAfterMs = 8_000
const reloadAfterMs = 3_000

async function start(): Promise<void> {
  followOtherTabs()
  followSystemTheme()
  try {
    await loadAgain(() => loadLanguage(preferredLanguage()))
  } catch {
    // Without texts there is nothing to show, and no words to say so.
    setTimeout(() => location.reload(), reloadAfterMs)
    return
  }
  const root = document.getElementById('app')
  if (root) render(<App />, root)
  setTimeout(() => void keepShell(), keepShellAfterMs)
}

/** Plain-http pages (a laptop on a LAN) have no service worker; everything but opening offline works without. */
async function keepShell(): Promise<void> {
  if (import.meta.env.PROD && isSecureContext && 'serviceWorker' in navigator) {
    await navigator.serviceWorker.register(serviceWorkerAddress())
  }
}

void start()
