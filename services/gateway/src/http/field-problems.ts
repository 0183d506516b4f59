import type { FieldProblem } from '@matchday/contracts'
import type { ErrorObject } from 'ajv'
import { textFormat } from './formats.ts'

/** More than this is never told anyway, and working out unions is quadratic. */
const errorsMax = 500
const keyLengthMax = 80

/**
 * Ajv's findings in our own words: one problem for each place, as a JSON pointer below `root` (`/body`,
 * `/query`). Of a union only the branch that comes nearest to what was sent is told.
 */
export function fieldProblems(root: string, errors: readonly ErrorObject[]): FieldProblem[] {
  const told = new Map<string, FieldProblem>()
  for (const error of nearestBranches(errors.slice(0, errorsMax))) {
    const problem = fieldProblem(root, error)
    if (!told.has(problem.path)) told.set(problem.path, problem)
  }
  return [...told.values()]
}

function fieldProblem(root: string, error: ErrorObject): FieldProblem {
  const path = root + error.instancePath
  switch (error.keyword) {
    case 'required':
      return { path: below(path, error.params.missingProperty), code: 'required', message: 'Is required.' }
    case 'additionalProperties':
      return {
        path: below(path, error.params.additionalProperty),
        code: 'unknown-key',
        message: 'Is not known here.',
      }
    case 'format':
      return { path, ...formatProblem(String(error.params.format), error.data) }
    case 'type':
      return { path, code: 'type', message: `Must be of type ${String(error.params.type)}.` }
    case 'maxLength':
      return { path, code: 'too-long', message: `Must have at most ${error.params.limit} characters.` }
    case 'minLength':
      return error.data === ''
        ? { path, code: 'empty', message: 'Must not be empty.' }
        : { path, code: 'too-short', message: `Must have at least ${error.params.limit} characters.` }
    case 'minimum':
    case 'maximum':
      return { path, code: 'range', message: `Must be ${rangeOf(error, 'minimum', 'maximum')}.` }
    case 'minItems':
    case 'maxItems':
      return { path, code: 'range', message: `Must have ${rangeOf(error, 'minItems', 'maxItems')} items.` }
    case 'uniqueItems':
      return { path, code: 'duplicate', message: 'Must not have the same twice.' }
    case 'enum':
      return { path, code: 'enum', message: `Must be one of: ${error.params.allowedValues.join(', ')}.` }
    case 'pattern':
      return { path, code: 'format', message: `Must match ${error.params.pattern}.` }
    case 'anyOf':
      return { path, code: 'type', message: 'Has none of the allowed shapes.' }
    default:
      return { path, code: 'format', message: 'Is not what the contract says.' }
  }
}

/** What the forms look like that have no reasons of their own. */
const formText: Readonly<Record<string, string>> = {
  'uuid-v7': 'an id (UUIDv7)',
  'date-time': 'a time in UTC, such as 2026-11-21T19:30:00Z',
  'email-address': 'an e-mail address, such as ada@example.org',
  phone: 'a phone number: digits, spaces and the usual marks, + in front if at all',
  'web-address': 'an address of the web that begins with https:// or http://',
}

function formatProblem(format: string, data: unknown): { code: string; message: string } {
  const text = textFormat(format)
  const problem = typeof data === 'string' ? text?.problem(data) : undefined
  if (text === undefined || problem === undefined) {
    return { code: 'format', message: `Must be ${formText[format] ?? `a ${format}`}.` }
  }
  const messages = {
    empty: 'Must not be empty.',
    'too-long': `Must have at most ${text.lengthMax} characters.`,
    'control-character': 'Must not have control or direction characters.',
  }
  return { code: problem, message: messages[problem] }
}

function rangeOf(error: ErrorObject, lowest: string, highest: string): string {
  const from = error.parentSchema?.[lowest]
  const to = error.parentSchema?.[highest]
  if (from === undefined) return `at most ${to}`
  return to === undefined ? `at least ${from}` : `from ${from} to ${to}`
}

function below(path: string, key: string): string {
  return `${path}/${key.slice(0, keyLengthMax).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Inner unions first, so that an outer one counts what is left of them. */
function nearestBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf')
  unions.sort((one, other) => other.schemaPath.length - one.schemaPath.length)
  return unions.reduce(nearestBranch, errors)
}

function nearestBranch(errors: readonly ErrorObject[], union: ErrorObject): readonly ErrorObject[] {
  const prefix = `${union.schemaPath}/`
  const isInside = (error: ErrorObject) =>
    error.schemaPath.startsWith(prefix) &&
    (error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`))
  const outside = errors.filter((error) => error !== union && !isInside(error))

  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors.filter(isInside)) {
    const branch = error.schemaPath.slice(prefix.length).split('/', 1)[0] ?? ''
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const ofOtherType = (error: ErrorObject) =>
    error.keyword === 'type' && error.instancePath === union.instancePath
  const candidates = [...branches.values()].filter((branch) => !branch.some(ofOtherType))
  candidates.sort((one, other) => one.length - other.length)
  return [...outside, ...(candidates[0] ?? [union])]
}
