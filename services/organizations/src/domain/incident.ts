import { type IncidentPriority, type IncidentStatus, normalizeName, normalizeText } from '@matchday/contracts'

/** What can change about an incident. */
export type Incident = {
  readonly name: string
  readonly description: string
  readonly status: IncidentStatus
  readonly priority: IncidentPriority
  /** UTC, ISO 8601: when it was resolved or cancelled for the first time. */
  readonly closedAt: string | null
}

const closed: readonly IncidentStatus[] = ['resolved', 'cancelled']

/** The first time that it was closed stays, whatever its status becomes later. */
export function changedIncident(
  incident: Incident,
  typed: Partial<Omit<Incident, 'closedAt'>>,
  now: string,
): Incident {
  const { name, description, status, priority, closedAt } = { ...incident, ...typed }
  return {
    name: normalizeName(name),
    description: normalizeText(description),
    status,
    priority,
    closedAt: closedAt ?? (closed.includes(status) ? now : null),
  }
}

/** When it was closed follows from the rest. */
export function isSameIncident(one: Incident, other: Incident): boolean {
  return (
    one.name === other.name &&
    one.description === other.description &&
    one.status === other.status &&
    one.priority === other.priority
  )
}
