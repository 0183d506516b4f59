import type { Tournament } from '@matchday/contracts'
import { fullName } from '../../components/player-name.ts'
import type { Catalogue } from '../../i18n/en.ts'

/** Names told one by one; more than this become a number. */
const namesMax = 3

/** What is missing before the draw, in words, told before anybody presses the button. */
export function readinessText(tournament: Tournament, { host }: Catalogue): string {
  const { readiness, players, seatsLeft, joining } = tournament
  const { reason } = readiness
  switch (reason) {
    case undefined:
      return host.ready
    case 'not-full':
      return joining ? host.waiting['not-full'](seatsLeft) : host.waiting['not-enough']
    case 'not-all-picked': {
      const missing = players.filter((player) => player.pick === null)
      const names = missing.slice(0, namesMax).map(fullName)
      if (missing.length > namesMax) names.push(host.andMore(missing.length - namesMax))
      return host.waiting['not-all-picked'](names)
    }
    case 'draw-impossible': {
      const worst = readiness.blocking?.[0]
      return worst ? host.waiting['draw-impossible'](worst.team, worst.count, worst.atMost) : ''
    }
    case 'already-drawn':
    case 'tournament-archived':
      return host.waiting[reason]
    default:
      return reason satisfies never
  }
}
