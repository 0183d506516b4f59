import { normalizeEmail, normalizeName, normalizeText } from '@matchday/contracts'

/** Whom to reach about a tournament. */
export type Contact = {
  readonly firstName: string
  readonly lastName: string
  readonly email: string | null
  readonly phone: string | null
  readonly notes: string
}

/** What was typed, as it is kept. An empty field is none. */
export function changedContact(contact: Contact, typed: Partial<Contact>): Contact {
  const { firstName, lastName, email, phone, notes } = { ...contact, ...typed }
  return {
    firstName: normalizeName(firstName),
    lastName: normalizeName(lastName),
    email: normalizeEmail(email ?? '') || null,
    phone: normalizeName(phone ?? '') || null,
    notes: normalizeText(notes),
  }
}

export const noContact: Contact = { firstName: '', lastName: '', email: null, phone: null, notes: '' }

export function isSameContact(one: Contact, other: Contact): boolean {
  return (
    one.firstName === other.firstName &&
    one.lastName === other.lastName &&
    one.email === other.email &&
    one.phone === other.phone &&
    one.notes === other.notes
  )
}
