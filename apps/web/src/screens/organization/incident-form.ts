import type { IncidentPriority } from '@matchday/contracts'
import { normalizeName, normalizeText } from '@matchday/contracts/names'
import { peopleTexts } from '../../i18n/people.ts'
import { type FieldError, nameError, textError } from '../../people/field-errors.ts'
import { incidentDescriptionLengthMax } from './incident-words.ts'

/** An incident, as it is typed. */
export type IncidentForm = { name: string; description: string; priority: IncidentPriority }
export const blankIncident: IncidentForm = { name: '', description: '', priority: 'medium' }
/** What can be told beside its field. */
export const incidentPointers = ['/body/name', '/body/description']

export function incidentErrors(form: IncidentForm): Record<'name' | 'description', FieldError> {
  const isBlank = normalizeText(form.description) === ''
  return {
    name: nameError(form.name, 'title'),
    description: isBlank
      ? peopleTexts().fieldProblems.empty
      : textError(form.description, incidentDescriptionLengthMax),
  }
}

/** What the server gets. */
export function incidentRequest({ name, description, priority }: IncidentForm) {
  return { name: normalizeName(name), description: normalizeText(description), priority }
}
