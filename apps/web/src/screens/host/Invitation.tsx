import type { Tournament } from '@matchday/contracts'
import { CodeTiles } from '../../components/CodeTiles.tsx'
import { Icon } from '../../components/Icon.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { joinAddress } from '../../device/addresses.ts'
import { texts } from '../../i18n/language.ts'

/** How to get in, readable from the last row: code to scan, code to type, address. */
export function Invitation({ tournament }: { tournament: Tournament }) {
  const { host } = texts()
  const { url, shown } = joinAddress(tournament, location)
  return (
    <section class="invitation" aria-label={host.scan} data-open={tournament.joining}>
      <p class="invitation-title">
        {tournament.joining ? null : <Icon name="lock" />}
        {tournament.joining ? host.scan : host.joiningClosed}
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
