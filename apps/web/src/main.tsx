import { render } from 'preact'
import { App } from './App.tsx'
import { followOtherTabs } from './device/storage.ts'
import { followSystemTheme } from './device/theme.ts'
import { loadLanguage, preferredLanguage } from './i18n/language.ts'
import './styles/index.css'

async function start(): Promise<void> {
  followOtherTabs()
  followSystemTheme()
  await loadLanguage(preferredLanguage())
  const root = document.getElementById('app')
  if (root) render(<App />, root)
  // Plain-http pages (a laptop on a LAN) have no service worker; everything but offline opening works without.
  if (import.meta.env.PROD && isSecureContext && 'serviceWorker' in navigator) {
    await navigator.serviceWorker.register('/sw.js')
  }
}

void start()
