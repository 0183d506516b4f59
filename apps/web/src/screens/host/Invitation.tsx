import type { Tournament } from '@matchday/contracts'
import { CodeTiles } from '../../components/CodeTiles.tsx'
import { Icon } from '../../components/Icon.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { joinAddress } from '../../device/addresses.ts'
import { texts } from '../../i18n/language.ts'

/** How to get in, readable from the last row: code to scan, code to type, address. Small when nobody can get in. */
export function Invitation({ tournament }: { tournament: Tournament }) {
  const { host } = texts()
  const { url, shown } = joinAddress(tournament, location)
  const { joining, seatsLeft } = tournament
  const isOpen = joining && seatsLeft > 0
  return (
    <section class="invitation" aria-label={host.scan} data-open={isOpen}>
      <p class="invitation-title">
        {isOpen ? null : <Icon name={seatsLeft === 0 ? 'full' : 'lock'} />}
        {isOpen ? host.scan : seatsLeft === 0 ? host.full : host.joiningClosed}
      </p>
      <div class="invitation-qr" data-testid="join-qr" data-url={url}>
        <QrCode url={url} label={host.qrOf(url)} />
      </div>
      <div class="invitation-code">
        <CodeTiles code={tournament.joinCode} />
        <p class="invitation-address">
          {host.orGoTo} <a href={url}>{shown}</a>
        </p>
      </div>
    </section>
  )
}
