import { IncidentPriority, IncidentStatus, recordLimits } from '@matchday/contracts'
import { expect, test } from 'vitest'
import {
  byUrgency,
  commentLengthMax,
  incidentDescriptionLengthMax,
  incidentPriorities,
  incidentStatuses,
} from './incident-words.ts'

/** What the schema lists; its type knows the values only as a union. */
function valuesOf(schema: object): string[] {
  return [...(schema as { enum: readonly string[] }).enum].sort()
}

test('bounds and choices are those of the contract', () => {
  expect(incidentDescriptionLengthMax).toBe(recordLimits.incidentDescriptionLengthMax)
  expect(commentLengthMax).toBe(recordLimits.commentLengthMax)
  expect([...incidentStatuses].sort()).toEqual(valuesOf(IncidentStatus))
  expect([...incidentPriorities].sort()).toEqual(valuesOf(IncidentPriority))
})

test('what is urgent comes first, what is done last', () => {
  const incident = (
    name: string,
    status: 'to-do' | 'in-progress' | 'resolved',
    priority: 'low' | 'high',
  ) => ({
    name,
    status,
    priority,
    createdAt: `2026-06-${name}`,
  })
  const sorted = byUrgency([
    incident('10', 'resolved', 'high'),
    incident('11', 'to-do', 'low'),
    incident('12', 'in-progress', 'high'),
    incident('09', 'to-do', 'high'),
    incident('13', 'resolved', 'low'),
  ])
  expect(sorted.map(({ name }) => name)).toEqual(['09', '12', '11', '13', '10'])
})
