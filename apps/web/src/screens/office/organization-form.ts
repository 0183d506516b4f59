import { normalizeName, normalizeText } from '@matchday/contracts/names'
import type { Failure } from '../../api/use-command.ts'
import { officeTexts } from '../../i18n/office.ts'
import {
  type FieldError,
  nameError,
  pointedError,
  restOfFailure,
  textError,
  webAddressError,
} from '../../people/field-errors.ts'

/** The profile of an organisation, as it is typed. */
export type OrganizationForm = { name: string; address: string; website: string }

export const blankOrganization: OrganizationForm = { name: '', address: '', website: '' }
/** As in the contract (organizationLimits), which carries schemas that no page should load; a test compares. */
export const addressLengthMax = 400

export type OrganizationErrors = Record<keyof OrganizationForm, FieldError>

export function organizationErrors(
  form: OrganizationForm,
  isChecked: boolean,
  failure: Failure | null,
): OrganizationErrors {
  const isTaken = failure?.code === 'name-taken'
  return {
    name:
      (isChecked && nameError(form.name, 'organization')) ||
      (isTaken ? officeTexts().register.nameTaken : pointedError(failure, '/body/name')),
    address:
      (isChecked && textError(form.address, addressLengthMax)) || pointedError(failure, '/body/address'),
    website: (isChecked && webAddressError(form.website)) || pointedError(failure, '/body/website'),
  }
}

export const organizationPointers = {
  /** What went wrong that stands beside no field. */
  rest: (failure: Failure | null) =>
    failure?.code === 'name-taken'
      ? null
      : restOfFailure(failure, ['/body/name', '/body/address', '/body/website']),
} as const

/** What the server gets; what was left empty is `null`. */
export function organizationRequest(form: OrganizationForm) {
  const address = normalizeText(form.address)
  const website = form.website.trim()
  return {
    name: normalizeName(form.name),
    address: address === '' ? null : address,
    website: website === '' ? null : website,
  }
}
