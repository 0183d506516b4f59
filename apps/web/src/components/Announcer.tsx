import { signal } from '@preact/signals'

const said = signal('')

/** Says something to people who listen to the page instead of seeing it. */
export function announce(text: string): void {
  // The same text twice would be no change, and so not be read out again.
  said.value = said.value === text ? `${text}\u00a0` : text
}

export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said.value}
    </div>
  )
}
