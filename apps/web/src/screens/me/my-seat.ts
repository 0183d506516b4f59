import type { Operations, OutputOf } from '@matchday/contracts'

export type MySeat = OutputOf<Operations['listMySeats']>['items'][number]
