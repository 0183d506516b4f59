import { momentOf } from '../../people/time-zone.ts'

/** What is looked for: words, and days by this device's calendar (2026-06-12). */
export type Search = { query: string; from: string; to: string }

/** As in the contract. */
export const queryLengthMax = 100
const dayMs = 86_400_000

/** Unless told, what is over is not looked for. */
export function searchFrom(parameters: Readonly<Record<string, string>>, today: string): Search {
  const { query = '', from = today, to = '' } = parameters
  return { query: query.slice(0, queryLengthMax), from: isDay(from) ? from : today, to: isDay(to) ? to : '' }
}

/** The address that finds the same again. */
export function searchPath({ query, from, to }: Search, today: string): string {
  const told = { query: query.trim(), from: from === today ? '' : from, to }
  const parameters = new URLSearchParams(Object.entries(told).filter(([, value]) => value !== ''))
  return parameters.size > 0 ? `/events?${parameters}` : '/events'
}

/** As the server is asked: from the first moment of one day to the last of the other, in this device's zone. */
export function searchRequest(search: Search, zone: string) {
  const query = search.query.trim()
  const from = search.from === '' ? null : momentOf(`${search.from}T00:00`, zone)
  const to = search.to === '' ? null : endOf(search.to, zone)
  return {
    ...(query === '' ? {} : { query }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  }
}

function endOf(day: string, zone: string): string | null {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)
  const start = momentOf(`${next}T00:00`, zone)
  return start === null ? null : new Date(Date.parse(start) - 1).toISOString()
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}
