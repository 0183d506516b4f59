import { loadPeopleTexts } from '../../i18n/people.ts'
import { loadSeatsTexts } from '../../i18n/seats.ts'
import { players } from '../../session/sessions.ts'

/** What a player with an account sees where everybody else is asked for his name. */
export async function loadOwnAccount() {
  const [{ OwnAccountHint }] = await Promise.all([
    import('./OwnAccountHint.tsx'),
    loadPeopleTexts(),
    loadSeatsTexts(),
  ])
  return OwnAccountHint
}

/** The seat is to be kept with the account: its cookie must be good when somebody joins. */
export async function freshenAccount(): Promise<void> {
  try {
    await players.freshen()
  } catch {
    // No connection: joining itself will tell so, or succeed as somebody without an account.
  }
}
