import type { IncidentId, OrganizationId, TournamentId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'

/** What an organisation's office consists of, in the order of its tabs. */
export const parts = ['events', 'incidents', 'people', 'changes', 'keys', 'settings'] as const
export type Part = (typeof parts)[number]

/** Where in the office an address leads. */
export type Place =
  | { screen: 'home' | 'account' | 'register' }
  | { screen: 'entrance'; entrance: Entrance }
  | { screen: 'part'; organizationId: OrganizationId; part: Part }
  | { screen: 'new-event'; organizationId: OrganizationId }
  | { screen: 'event'; organizationId: OrganizationId; tournamentId: TournamentId }
  | { screen: 'incident'; organizationId: OrganizationId; incidentId: IncidentId }

export const entrances = ['sign-up', 'forgot', 'confirm', 'reset', 'return'] as const
export type Entrance = (typeof entrances)[number]

/** Reads what stands behind `/office/`; nothing for an address that leads nowhere. */
export function placeOf(section: string): Place | null {
  const [first = '', second = '', third, ...rest] = section.split('/')
  if (rest.length > 0) return null
  if (second === '' && third === undefined) return placeAtDoor(first)
  const organizationId = first
  if (!isOrganizationId(organizationId)) return null
  if (third === undefined) {
    const part = parts.find((candidate) => candidate === second)
    return part ? { screen: 'part', organizationId, part } : null
  }
  if (second === 'events') {
    if (third === 'new') return { screen: 'new-event', organizationId }
    return isTournamentId(third) ? { screen: 'event', organizationId, tournamentId: third } : null
  }
  if (second !== 'incidents' || !isIncidentId(third)) return null
  return { screen: 'incident', organizationId, incidentId: third }
}

function placeAtDoor(name: string): Place | null {
  if (name === '') return { screen: 'home' }
  if (name === 'account' || name === 'register') return { screen: name }
  const entrance = entrances.find((candidate) => candidate === name)
  if (entrance) return { screen: 'entrance', entrance }
  return isOrganizationId(name) ? { screen: 'part', organizationId: name, part: 'events' } : null
}

export function organizationPath(organizationId: OrganizationId, part: Part = 'events'): string {
  return part === 'events' ? `/office/${organizationId}` : `/office/${organizationId}/${part}`
}

export function newEventPath(organizationId: OrganizationId): string {
  return `/office/${organizationId}/events/new`
}

export function eventPath(organizationId: OrganizationId, tournamentId: TournamentId): string {
  return `/office/${organizationId}/events/${tournamentId}`
}

export function incidentPath(organizationId: OrganizationId, incidentId: IncidentId): string {
  return `/office/${organizationId}/incidents/${incidentId}`
}

function isOrganizationId(text: string): text is OrganizationId {
  return isId(text)
}

function isTournamentId(text: string): text is TournamentId {
  return isId(text)
}

function isIncidentId(text: string): text is IncidentId {
  return isId(text)
}
