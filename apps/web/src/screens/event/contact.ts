import type { Operations, OutputOf } from '@matchday/contracts'

export type Contact = OutputOf<Operations['listContacts']>['items'][number]
