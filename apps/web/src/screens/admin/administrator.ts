import type { Operations, OutputOf } from '@matchday/contracts'

export type Administrator = OutputOf<Operations['listAdministrators']>['items'][number]

export function administratorName({ firstName, lastName }: Administrator): string {
  return `${firstName} ${lastName}`
}
