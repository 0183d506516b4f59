import { IncidentPriority, IncidentStatus, recordLimits } from '@matchday/contracts'
import { expect, test } from 'vitest'
import {
  byUrgency,
  commentLengthMax,
  incidentDescriptionLengthMax,
  incidentPriorities,
  incidentStatuses,
} from './incident-words.ts'

test('bounds and choices are those of the contract', () => {
  expect(incidentDescriptionLengthMax).toBe(recordLimits.incidentDescriptionLengthMax)
  expect(commentLengthMax).toBe(recordLimits.commentLengthMax)
  expect([...incidentStatuses].sort()).toEqual([...IncidentStatus.enum].sort())
  expect([...incidentPriorities].sort()).toEqual([...IncidentPriority.enum].sort())
})

test('what is urgent comes first, what is done last', () => {
  const incident = (name: string, status: 'to-do' | 'in-progress' | 'resolved', priority: 'low' | 'high') => ({
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
