import { type Language, language } from '../i18n/language.ts'
import { peopleTexts } from '../i18n/people.ts'
import { ownTimeZone } from './time-zone.ts'

type Formats = {
  day: Intl.DateTimeFormat
  time: Intl.DateTimeFormat
  dateTime: Intl.DateTimeFormat
  dayOfMonth: Intl.DateTimeFormat
  month: Intl.DateTimeFormat
}

const made = new Map<string, Formats>()

/** Of the language that is shown, in the variety that the browser prefers (en-GB, de-AT). */
function localeOf(shown: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(shown)) ?? shown
}

function formats(): Formats {
  const locale = localeOf(language.value)
  const known = made.get(locale)
  if (known) return known
  const of = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const fresh = {
    day: of({ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }),
    time: of({ hour: '2-digit', minute: '2-digit' }),
    dateTime: of({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
    dayOfMonth: of({ day: 'numeric' }),
    month: of({ month: 'short' }),
  }
  made.set(locale, fresh)
  return fresh
}

/** `12 Jun 2026, 19:30` */
export function dateTime(moment: string): string {
  return formats().dateTime.format(new Date(moment))
}

export function dayOf(moment: string): string {
  return formats().day.format(new Date(moment))
}

/** For the tile: the day's number over the month. */
export function tileOf(moment: string): { day: string; month: string } {
  const at = new Date(moment)
  const { dayOfMonth, month } = formats()
  // German puts a dot behind the number and the abbreviation, which a scoreboard has no room for.
  return { day: dayOfMonth.format(at).replace('.', ''), month: month.format(at).replace('.', '') }
}

/** From when until when, with the day said once if it is the same. */
export function period(startsAt: string | null, endsAt: string | null): string {
  const { dates } = peopleTexts()
  if (startsAt === null) return dates.none
  const { day, time } = formats()
  const start = new Date(startsAt)
  const from = `${day.format(start)}, ${time.format(start)}`
  if (endsAt === null) return from
  const end = new Date(endsAt)
  const isSameDay = day.format(start) === day.format(end)
  return dates.until(from, isSameDay ? time.format(end) : `${day.format(end)}, ${time.format(end)}`)
}

/** The zone that this device is set to, as people call it, at that time of the year. */
export function zoneName(at: Date = new Date()): string {
  const zone = ownTimeZone()
  const parts = new Intl.DateTimeFormat(localeOf(language.value), {
    timeZone: zone,
    timeZoneName: 'long',
  }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
  const city = zone.split('/').at(-1)?.replaceAll('_', ' ')
  return city === undefined || city === zone || name.includes(city) ? name : `${name} (${city})`
}
