import { texts } from '../i18n/language.ts'
import type { Connection } from '../live/tournament-store.ts'
import { Icon } from './Icon.tsx'

/** Says calmly that what is shown may be old, and since when; disappears by itself. */
export function ConnectionBanner({ connection }: { connection: Connection }) {
  const { connection: words } = texts()
  const isLost = connection.status === 'lost'
  return (
    <div
      class="connection-banner"
      role="status"
      data-testid="connection-banner"
      data-status={connection.status}
    >
      {isLost ? (
        <p>
          <Icon name="signal" />
          <strong>
            {connection.lastUpdateAtMs > 0 ? words.lost(connection.lastUpdateAtMs) : words.never}
          </strong>
          <span>{words.mending}</span>
        </p>
      ) : null}
    </div>
  )
}
