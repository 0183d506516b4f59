import { normalizeText } from '@matchday/contracts/names'
import { peopleTexts } from '../../i18n/people.ts'
import { type FieldError, nameError, textError } from '../../people/field-errors.ts'
import { incidentDescriptionLengthMax } from './incident-words.ts'

export type IncidentForm = { name: string; description: string }
export const blankIncident: IncidentForm = { name: '', description: '' }

export function incidentErrors(form: IncidentForm): Record<keyof IncidentForm, FieldError> {
  const isBlank = normalizeText(form.description) === ''
  return {
    name: nameError(form.name, 'title'),
    description: isBlank
      ? peopleTexts().fieldProblems.empty
      : textError(form.description, incidentDescriptionLengthMax),
  }
}
