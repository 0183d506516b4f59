import { commandHook, type FailureCode, failureText } from '../api/use-command.ts'
import { peopleTextsIfLoaded } from '../i18n/people.ts'
import { peopleApi, players, staff } from '../session/sessions.ts'

/** The words for what went wrong, with those of accounts and organisations where they are loaded. */
export function peopleFailureText(code: FailureCode): string {
  const words: Partial<Record<FailureCode, string>> = peopleTextsIfLoaded()?.errors ?? {}
  return words[code] ?? failureText(code)
}

/** Commands of somebody who is signed in among organisers' people, … */
export const useStaffCommand = commandHook(staff.call, peopleFailureText)
/** … of a player with an account, … */
export const usePlayerCommand = commandHook(players.call, peopleFailureText)
/** … and of somebody who is nobody yet. */
export const useOpenCommand = commandHook(peopleApi, peopleFailureText)
/** Commands about one's own account. */
export const ownCommandOf = { staff: useStaffCommand, players: usePlayerCommand } as const
