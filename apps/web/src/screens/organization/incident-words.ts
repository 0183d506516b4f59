import type { IncidentPriority, IncidentStatus, Operations, OutputOf } from '@matchday/contracts'

export type Incident = OutputOf<Operations['getIncident']>

/** In the order in which work goes on. */
export const incidentStatuses = [
  'to-do',
  'in-progress',
  'resolved',
  'cancelled',
] as const satisfies readonly IncidentStatus[]
export const incidentPriorities = ['high', 'medium', 'low'] as const satisfies readonly IncidentPriority[]

/** As in the contract (recordLimits), which carries schemas that no page should load; a test compares. */
export const incidentDescriptionLengthMax = 20_000
export const commentLengthMax = 2_000

export function isOpen(status: IncidentStatus): boolean {
  return status === 'to-do' || status === 'in-progress'
}

const rankOf: Readonly<Record<IncidentPriority, number>> = { high: 0, medium: 1, low: 2 }

/** What is urgent first, then what came first; what is done at the end, latest first. */
export function byUrgency<Some extends Pick<Incident, 'status' | 'priority' | 'createdAt'>>(
  incidents: readonly Some[],
): Some[] {
  return [...incidents].sort((left, right) => {
    const open = Number(isOpen(right.status)) - Number(isOpen(left.status))
    if (open !== 0) return open
    if (!isOpen(left.status)) return right.createdAt.localeCompare(left.createdAt)
    return rankOf[left.priority] - rankOf[right.priority] || left.createdAt.localeCompare(right.createdAt)
  })
}
