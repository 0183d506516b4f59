import type { Figure } from '@matchday/kernel'
import type { Gateway } from './gateway.ts'

/** What the edge counts for itself. */
export function gatewayFigures({ realmStates }: Pick<Gateway, 'realmStates'>): readonly Figure[] {
  return [
    {
      name: 'matchday_endings_known',
      type: 'gauge',
      help: 'Sessions and accounts that ended in the last ten minutes, as far as this gateway knows; none before it has asked.',
      labels: ['realm'],
      read: () =>
        realmStates().flatMap(({ realm, isKnown, ended }) =>
          isKnown ? [{ labels: { realm }, value: ended }] : [],
        ),
    },
  ]
}
