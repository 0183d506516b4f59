import type { ComponentChildren } from 'preact'
import { chooseTheme, theme } from '../device/theme.ts'
import { chooseLanguage, language, languageNames, languages, texts } from '../i18n/language.ts'
import { Icon } from './Icon.tsx'

/** The bar on top of every screen but the big one: home, the screen's own things, language, theme. */
export function TopBar({ children }: { children?: ComponentChildren }) {
  const { common } = texts()
  const other = theme.value === 'dark' ? 'light' : 'dark'
  return (
    <header class="top-bar">
      <a class="wordmark" href="/" aria-label={common.home}>
        <Icon name="logo" />
        <span>Matchday</span>
      </a>
      <div class="top-bar-middle">{children}</div>
      <LanguageSwitch />
      <button
        type="button"
        class="icon-button"
        aria-label={other === 'light' ? common.toLight : common.toDark}
        onClick={() => chooseTheme(other)}
      >
        <Icon name={other === 'light' ? 'sun' : 'moon'} />
      </button>
    </header>
  )
}

function LanguageSwitch() {
  const next = languages.find((candidate) => candidate !== language.value) ?? 'en'
  return (
    <button
      type="button"
      class="icon-button language-switch"
      lang={next}
      onClick={() => void chooseLanguage(next)}
    >
      {next.toUpperCase()}
      <span class="visually-hidden">{languageNames[next]}</span>
    </button>
  )
}
