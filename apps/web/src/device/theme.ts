import { signal } from '@preact/signals'

export type Theme = 'light' | 'dark'

/** Under this name `public/appearance.js` finds the choice before the first paint; it is plain text for that reason. */
const key = 'matchday.theme'

/** The theme that is shown now. */
export const theme = signal<Theme>('dark')

/** Takes over what the system and an earlier choice say, and follows the system while nothing was chosen. */
export function followSystemTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    const chosen = document.documentElement.dataset.theme
    theme.value = chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light'
    tintBrowser()
  }
  dark.addEventListener('change', follow)
  follow()
}

export function chooseTheme(next: Theme): void {
  document.documentElement.dataset.theme = next
  theme.value = next
  tintBrowser()
  try {
    localStorage.setItem(key, next)
  } catch {
    // Forbidden: the choice holds until the page is closed.
  }
}

function tintBrowser(): void {
  const color = getComputedStyle(document.documentElement).getPropertyValue('--background').trim()
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', color)
}
