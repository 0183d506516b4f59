import {
  isEmail,
  isId,
  isPhone,
  lineProblem,
  type NameKind,
  type NameProblem,
  nameLengthMax,
  nameProblem,
  reasonLengthMax,
  reasonProblem,
  textProblem,
} from '@matchday/contracts'
import { parseUrl } from './parse-url.ts'

type TextFormat = { problem(typed: string): NameProblem | undefined; lengthMax: number }
type Checks = Record<string, (text: string) => boolean>

function nameFormat(kind: NameKind): TextFormat {
  return { problem: (typed) => nameProblem(typed, kind), lengthMax: nameLengthMax[kind] }
}
const nameFormats: Record<`${NameKind}-name`, TextFormat> = {
  'tournament-name': nameFormat('tournament'),
  'person-name': nameFormat('person'),
  'team-name': nameFormat('team'),
  'organization-name': nameFormat('organization'),
  'title-name': nameFormat('title'),
}
/** Formats of the contracts whose refusal has a reason of its own. */
const textFormats: Readonly<Record<string, TextFormat>> = {
  ...nameFormats,
  reason: { problem: reasonProblem, lengthMax: reasonLengthMax },
}

/** Formats whose bounds stand in the schema: several lines, and one. */
const boundedFormats = { text: textProblem, line: lineProblem } as const
type BoundedName = keyof typeof boundedFormats

export function isBoundedFormat(format: unknown): format is BoundedName {
  return typeof format === 'string' && Object.hasOwn(boundedFormats, format)
}

/** The name of `text` or `line` with these bounds: a format of its own, for a format can't see its schema. */
export function boundedFormat(format: BoundedName, lengthMin: number, lengthMax: number): string {
  return `${format} ${lengthMin} ${lengthMax}`
}

/** The format with that name, if its refusal has a reason of its own. */
export function textFormat(name: string): TextFormat | undefined {
  if (Object.hasOwn(textFormats, name)) return textFormats[name]
  const [format, lengthMin, lengthMax] = name.split(' ')
  if (!isBoundedFormat(format) || lengthMax === undefined) return undefined
  return {
    lengthMax: Number(lengthMax),
    problem: (typed) => {
      // Of white space alone nothing is left once it is trimmed.
      if (typed.trim() === '') return Number(lengthMin) > 0 ? 'empty' : undefined
      return boundedFormats[format](typed, Number(lengthMax))
    },
  }
}

const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** UTC, ISO 8601, a moment that exists (no 30 February, no 61st second). */
function isUtcTime(text: string): boolean {
  if (!utcTime.test(text)) return false
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19)
}

/** Where a link may lead: no scripts, no files, and nobody's name and password in it. */
function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^/?#\\]/i.test(text) || /[\s\p{C}]/u.test(text)) return false
  const url = parseUrl(text)
  return url !== null && url.hostname !== '' && url.username === '' && url.password === ''
}

/** Every `format` that a contract may name, but those with bounds (see `boundedFormat`). */
export const formats: Checks = {
  'uuid-v7': isId,
  'date-time': isUtcTime,
  'email-address': isEmail,
  phone: isPhone,
  'web-address': isWebAddress,
  ...Object.fromEntries(
    Object.entries(textFormats).map(([name, format]) => [
      name,
      (text: string) => format.problem(text) === undefined,
    ]),
  ),
}
