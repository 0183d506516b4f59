import type { Operations, OutputOf } from '@matchday/contracts'
import { officeTexts } from '../../i18n/office.ts'

export type Member = OutputOf<Operations['listMembers']>['items'][number]

export function memberName(member: Pick<Member, 'firstName' | 'lastName'>): string {
  const { people } = officeTexts()
  const { firstName, lastName } = member
  return firstName === null || lastName === null ? people.unreadable : `${firstName} ${lastName}`
}
