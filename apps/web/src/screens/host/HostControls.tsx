import type { Tournament } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { lazy } from 'preact-iso'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Icon, LineIcon } from '../../components/Icon.tsx'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useStaffCommand } from '../../people/commands.ts'
import type { Authority } from '../event/authority.ts'
import { ArchiveDialog, RedrawDialog } from './HostDialogs.tsx'
import { readinessText } from './readiness-text.ts'

const unlockShape = 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 6.8-1.2'
const screenShape = 'M3 5h18v11H3z M8.5 20h7 M12 16v4'

type Props = { tournament: Tournament; authority: Authority | null; store: TournamentStore }
type Controls = Omit<Props, 'authority'> & { authority: Authority }

/** The organiser's bar at the bottom. Watchers see that they watch. */
export function HostControls({ tournament, authority, store }: Props) {
  const { host } = texts()
  if (tournament.status === 'archived') {
    return <p class="host-controls soft">{host.archivedAbout}</p>
  }
  if (authority === null) return <p class="host-controls soft">{host.readOnly}</p>
  const isDrawn = tournament.status === 'drawn'
  return (
    <section class="host-controls" aria-label={host.menu}>
      {isDrawn ? null : (
        <div class="host-actions">
          {tournament.visibility === 'private' ? (
            <HostRequests tournament={tournament} authority={authority} store={store} />
          ) : null}
          <JoiningToggle tournament={tournament} authority={authority} store={store} />
          <DrawButton tournament={tournament} authority={authority} store={store} />
        </div>
      )}
      <Menu tournament={tournament} authority={authority} store={store} />
    </section>
  )
}

function JoiningToggle({ tournament, authority, store }: Controls) {
  const { host } = texts()
  const command = useStaffCommand('setJoining')
  const { id, joining } = tournament
  const toggle = async () => {
    const sent = await command.send({ params: { id }, body: { open: !joining } }, authority)
    if (sent.status === 'done') store.changed()
  }
  return (
    <div class="control">
      <button
        type="button"
        class="button"
        disabled={command.isBusy}
        onClick={() => void toggle()}
        data-testid="joining-toggle"
      >
        {joining ? <Icon name="lock" /> : <LineIcon shape={unlockShape} />}
        {joining ? host.close : host.reopen}
      </button>
      <ErrorText text={command.failure?.text} />
    </div>
  )
}

function DrawButton({ tournament, authority, store }: Controls) {
  const { host } = texts()
  const command = useStaffCommand('drawTeams')
  const { ready } = tournament.readiness
  const draw = async () => {
    const sent = await command.send({ params: { id: tournament.id }, body: {} }, authority)
    if (sent.status === 'done') store.changed()
  }
  return (
    <div class="control draw-control" data-ready={ready}>
      <p id="readiness" role="status">
        {command.failure?.text ?? readinessText(tournament, texts())}
      </p>
      <button
        type="button"
        class="button primary large"
        disabled={!ready || command.isBusy}
        aria-describedby="readiness"
        onClick={() => void draw()}
        data-testid="draw-button"
      >
        {command.isBusy ? host.drawing : host.draw}
      </button>
    </div>
  )
}

/** What has to do with organisations and private tournaments; comes after the rest. */
const HostRequests = lazy(async () => (await import('./host-people.ts')).loadHostRequests())
const HostPeople = lazy(async () => (await import('./host-people.ts')).loadHostPeople())

type Opened = 'archive' | 'redraw'

function Menu(controls: Controls) {
  const { host } = texts()
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  const { tournament } = controls
  return (
    <div class="host-menu">
      {tournament.status === 'drawn' ? (
        <button type="button" class="button" onClick={() => setOpened('redraw')}>
          {host.redraw}
        </button>
      ) : null}
      <a class="button quiet" href={`/screen/${tournament.id}`} target="_blank" rel="noreferrer">
        <LineIcon shape={screenShape} />
        {host.screen}
      </a>
      <button type="button" class="button quiet" onClick={() => setOpened('archive')}>
        {host.archive}
      </button>
      <HostPeople {...controls} />
      {opened === 'archive' ? <ArchiveDialog {...controls} onClose={close} /> : null}
      {opened === 'redraw' ? <RedrawDialog {...controls} onClose={close} /> : null}
    </div>
  )
}
