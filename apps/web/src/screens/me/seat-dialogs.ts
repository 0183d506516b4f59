import { loadPeopleTexts } from '../../i18n/people.ts'
import { loadSeatsTexts } from '../../i18n/seats.ts'

/** Dialogs of a seat that most players never open, with the texts that nothing else of theirs needs. */
async function load() {
  const [dialogs] = await Promise.all([import('./SeatDialogs.tsx'), loadPeopleTexts(), loadSeatsTexts()])
  return dialogs
}

export const loadKeepDialog = async () => (await load()).KeepDialog
export const loadAnonymizeDialog = async () => (await load()).AnonymizeDialog
