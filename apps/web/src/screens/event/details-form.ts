import type { BodyOf, Operations, Tournament, Visibility } from '@matchday/contracts'
import { normalizeText, textProblem } from '@matchday/contracts/names'
import { momentOf, wallTimeOf } from '../../people/time-zone.ts'

/** When and where, as it is typed: times as a clock on the wall shows them, numbers as text. */
export type DetailsForm = {
  description: string
  address: string
  latitude: string
  longitude: string
  startsAt: string
  endsAt: string
  visibility: Visibility
}
export type Details = Pick<
  Tournament,
  'description' | 'address' | 'latitude' | 'longitude' | 'startsAt' | 'endsAt' | 'visibility'
>
export type DetailsProblem =
  | 'too-long'
  | 'control-character'
  | 'number'
  | 'both'
  | 'time'
  | 'needs-start'
  | 'ends-early'
export type DetailsProblems = Partial<Record<keyof DetailsForm, DetailsProblem>>

/** As in the contract (tournamentLimits), which carries schemas that no page should load; a test compares. */
export const descriptionLengthMax = 2_000
export const addressLengthMax = 400
const latitudeMax = 90
const longitudeMax = 180

export const blankDetails: DetailsForm = {
  description: '',
  address: '',
  latitude: '',
  longitude: '',
  startsAt: '',
  endsAt: '',
  visibility: 'public',
}

export function formOf(details: Details, zone: string): DetailsForm {
  const { description, address, latitude, longitude, startsAt, endsAt, visibility } = details
  return {
    description: description ?? '',
    address: address ?? '',
    latitude: latitude === null ? '' : String(latitude),
    longitude: longitude === null ? '' : String(longitude),
    startsAt: startsAt === null ? '' : wallTimeOf(startsAt, zone),
    endsAt: endsAt === null ? '' : wallTimeOf(endsAt, zone),
    visibility,
  }
}

/** What the server would refuse, told beforehand. */
export function detailsProblems(form: DetailsForm, zone: string): DetailsProblems {
  const problems: DetailsProblems = {}
  const long = (text: string, lengthMax: number) => {
    const problem = textProblem(text, lengthMax)
    return problem === 'empty' ? undefined : problem
  }
  const description = long(form.description, descriptionLengthMax)
  if (description) problems.description = description
  const address = long(form.address, addressLengthMax)
  if (address) problems.address = address
  Object.assign(problems, placeProblems(form), timeProblems(form, zone))
  return problems
}

function placeProblems({ latitude, longitude }: DetailsForm): DetailsProblems {
  const isBad = (typed: string, max: number) => typed.trim() !== '' && coordinateOf(typed, max) === null
  if (isBad(latitude, latitudeMax)) return { latitude: 'number' }
  if (isBad(longitude, longitudeMax)) return { longitude: 'number' }
  if ((latitude.trim() === '') === (longitude.trim() === '')) return {}
  return latitude.trim() === '' ? { latitude: 'both' } : { longitude: 'both' }
}

function timeProblems({ startsAt, endsAt }: DetailsForm, zone: string): DetailsProblems {
  const start = momentOf(startsAt, zone)
  const end = momentOf(endsAt, zone)
  if (startsAt !== '' && start === null) return { startsAt: 'time' }
  if (endsAt === '') return {}
  if (end === null) return { endsAt: 'time' }
  if (start === null) return { startsAt: 'needs-start' }
  return end > start ? {} : { endsAt: 'ends-early' }
}

/** A number of degrees; a comma does as well as a point. */
function coordinateOf(typed: string, max: number): number | null {
  const number = Number(typed.trim().replace(',', '.'))
  return typed.trim() !== '' && Number.isFinite(number) && Math.abs(number) <= max ? number : null
}

/** All of it, as the server gets it. Call it only when there are no problems. */
export function detailsOf(form: DetailsForm, zone: string): Details {
  const orNull = (text: string) => (normalizeText(text) === '' ? null : normalizeText(text))
  return {
    description: orNull(form.description),
    address: orNull(form.address),
    latitude: coordinateOf(form.latitude, latitudeMax),
    longitude: coordinateOf(form.longitude, longitudeMax),
    startsAt: momentOf(form.startsAt, zone),
    endsAt: momentOf(form.endsAt, zone),
    visibility: form.visibility,
  }
}

type Changes = BodyOf<Operations['changeDetails']>

/** Only what is otherwise than before: what somebody else has changed meanwhile stays. */
export function changesBetween(before: Details, after: Details): Changes {
  const changed = Object.entries(after).filter(([key, value]) => before[key as keyof Details] !== value)
  const changes: Changes = Object.fromEntries(changed)
  // The server wants both times, and both coordinates, or it can't see whether they fit together.
  const withTimes = 'startsAt' in changes || 'endsAt' in changes
  const withPlace = 'latitude' in changes || 'longitude' in changes
  return {
    ...changes,
    ...(withTimes ? { startsAt: after.startsAt, endsAt: after.endsAt } : {}),
    ...(withPlace ? { latitude: after.latitude, longitude: after.longitude } : {}),
  }
}
