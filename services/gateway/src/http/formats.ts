import { isId, nameLengthMax, nameProblem, reasonLengthMax, reasonProblem } from '@matchday/contracts'

type TextFormat = { problem(typed: string): ReturnType<typeof reasonProblem>; lengthMax: number }

/** Formats of the contracts whose refusal has a reason of its own. */
export const textFormats: Record<string, TextFormat> = {
  'tournament-name': {
    problem: (typed) => nameProblem(typed, 'tournament'),
    lengthMax: nameLengthMax.tournament,
  },
  'person-name': { problem: (typed) => nameProblem(typed, 'person'), lengthMax: nameLengthMax.person },
  'team-name': { problem: (typed) => nameProblem(typed, 'team'), lengthMax: nameLengthMax.team },
  reason: { problem: reasonProblem, lengthMax: reasonLengthMax },
}

const utcTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** UTC, ISO 8601, a moment that exists (no 30 February, no 61st second). */
function isUtcTime(text: string): boolean {
  if (!utcTime.test(text)) return false
  const time = new Date(text)
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19)
}

/** Every `format` that a contract may name. */
export const formats: Record<string, (text: string) => boolean> = {
  'uuid-v7': isId,
  'date-time': isUtcTime,
  ...Object.fromEntries(
    Object.entries(textFormats).map(([name, format]) => [
      name,
      (text: string) => format.problem(text) === undefined,
    ]),
  ),
}
