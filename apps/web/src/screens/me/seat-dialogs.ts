import { loadPeopleTexts } from '../../i18n/people.ts'
import { loadSeatsTexts } from '../../i18n/seats.ts'

/** Dialogs of a seat that most players never open, with the texts that nothing else of theirs needs. */
const loadTexts = () => Promise.all([loadPeopleTexts(), loadSeatsTexts()])

export async function loadKeepDialog() {
  const [{ KeepDialog }] = await Promise.all([import('./SeatDialogs.tsx'), loadTexts()])
  return KeepDialog
}

export async function loadAnonymizeDialog() {
  const [{ AnonymizeDialog }] = await Promise.all([import('./SeatDialogs.tsx'), loadTexts()])
  return AnonymizeDialog
}
