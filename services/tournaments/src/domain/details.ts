import {
  type BodyOf,
  type FieldProblem,
  normalizeText,
  type tournamentOperations,
  type Visibility,
} from '@matchday/contracts'
import type { TournamentDetails } from './state.ts'

export type DetailsInput = BodyOf<typeof tournamentOperations.changeDetails>

/** Nothing is said yet. */
export function noDetails(visibility: Visibility): TournamentDetails {
  return {
    description: null,
    address: null,
    latitude: null,
    longitude: null,
    startsAt: null,
    endsAt: null,
    visibility,
  }
}

/** The details after what was asked for; what was not named stays. */
export function withDetails(before: TournamentDetails, input: DetailsInput): TournamentDetails {
  return {
    description: text(input.description, before.description),
    address: text(input.address, before.address),
    latitude: input.latitude === undefined ? before.latitude : input.latitude,
    longitude: input.longitude === undefined ? before.longitude : input.longitude,
    startsAt: time(input.startsAt, before.startsAt),
    endsAt: time(input.endsAt, before.endsAt),
    visibility: input.visibility ?? before.visibility,
  }
}

/** What does not go together. */
export function detailsProblems({
  latitude,
  longitude,
  startsAt,
  endsAt,
}: TournamentDetails): FieldProblem[] {
  const problems: FieldProblem[] = []
  if ((latitude === null) !== (longitude === null)) {
    const path = latitude === null ? '/body/latitude' : '/body/longitude'
    problems.push({ path, code: 'incomplete-coordinates', message: 'Both coordinates, or none.' })
  }
  if (endsAt !== null && startsAt === null) {
    problems.push({ path: '/body/startsAt', code: 'missing-start', message: 'What ends must begin.' })
  }
  if (endsAt !== null && startsAt !== null && endsAt <= startsAt) {
    problems.push({
      path: '/body/endsAt',
      code: 'ends-before-start',
      message: 'The end must come after the start.',
    })
  }
  return problems
}

export function isSameDetails(one: TournamentDetails, other: TournamentDetails): boolean {
  // Both are made by the functions above or taken from events that were, so their fields are the same.
  return (Object.keys(one) as (keyof TournamentDetails)[]).every((field) => one[field] === other[field])
}

/** An empty text is none. */
function text(typed: string | null | undefined, before: string | null): string | null {
  if (typed === undefined) return before
  return typed === null || normalizeText(typed) === '' ? null : normalizeText(typed)
}

/** In one way of writing, so that times compare like texts. */
function time(given: string | null | undefined, before: string | null): string | null {
  if (given === undefined) return before
  return given === null ? null : new Date(given).toISOString()
}
