import type { Operations, OutputOf } from '@matchday/contracts'

export type Administrator = OutputOf<Operations['listAdministrators']>['items'][number]
