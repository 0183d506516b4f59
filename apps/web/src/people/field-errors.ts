import { isEmail, isPhone, passwordProblem } from '@matchday/contracts/credentials'
import { nameProblem, textProblem } from '@matchday/contracts/names'
import type { Realm } from '@matchday/contracts/roles'
import type { Failure } from '../api/use-command.ts'
import { texts } from '../i18n/language.ts'
import { peopleTexts } from '../i18n/people.ts'

/** What is wrong with a field, in words; nothing when nothing is. */
export type FieldError = string | null

/** What the server finds wrong with the field that `pointer` (a JSON pointer: `/body/email`) names. */
export function pointedError(failure: Failure | null, pointer: string): FieldError {
  const problem = failure?.fields?.find(({ path }) => path === pointer)
  if (!problem) return null
  const words: Partial<Record<string, string>> = peopleTexts().fieldProblems
  return words[problem.code] ?? peopleTexts().fieldProblems.other
}

/** The failure as a whole, unless it is told beside one of the fields that the form has. */
export function restOfFailure(failure: Failure | null, pointers: readonly string[]): string | null {
  if (failure === null) return null
  const isTold = failure.fields?.some(({ path }) => pointers.includes(path))
  return isTold ? null : failure.text
}

/** The same rules as the server's, told before anything is sent. */
export function emailError(typed: string): FieldError {
  if (typed.trim() === '') return peopleTexts().fieldProblems.empty
  return isEmail(typed) ? null : peopleTexts().fieldProblems.email
}

export function passwordError(typed: string, realm: Realm): FieldError {
  const problem = passwordProblem(typed, realm)
  if (problem === undefined) return null
  return typed === '' ? peopleTexts().fieldProblems.empty : peopleTexts().fieldProblems[problem]
}

/** A password that is there already: only that something was typed can be checked. */
export function typedError(typed: string): FieldError {
  return typed === '' ? peopleTexts().fieldProblems.empty : null
}

export function nameError(
  typed: string,
  kind: 'person' | 'tournament' | 'organization' | 'title',
): FieldError {
  const problem = nameProblem(typed, kind)
  return problem ? texts().names[problem] : null
}

export function phoneError(typed: string): FieldError {
  return typed.trim() === '' || isPhone(typed) ? null : peopleTexts().fieldProblems.phone
}

/** A longer text that may be left out. */
export function textError(typed: string, lengthMax: number): FieldError {
  const problem = textProblem(typed, lengthMax)
  return problem ? texts().names[problem] : null
}

/** `https://…` or `http://…`, as in the contract; empty is no address. */
export function webAddressError(typed: string): FieldError {
  if (typed.trim() === '') return null
  return isWebAddress(typed.trim()) ? null : peopleTexts().fieldProblems['web-address']
}

/** To the web, and with nobody's name and password in it. */
export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^/?#\\]/i.test(text) || /[\s\p{C}]/u.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}
