import type { Tournament } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { useCommand } from '../../api/use-command.ts'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Icon, LineIcon } from '../../components/Icon.tsx'
import { texts } from '../../i18n/language.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { ArchiveDialog, RedrawDialog, RenameDialog } from './HostDialogs.tsx'
import { readinessText } from './readiness-text.ts'

const unlockShape = 'M6 11h12v9H6z M8.5 11V8a3.5 3.5 0 0 1 6.8-1.2'
const screenShape = 'M3 5h18v11H3z M8.5 20h7 M12 16v4'

type Props = { tournament: Tournament; token: string | undefined; store: TournamentStore }
type Controls = Omit<Props, 'token'> & { token: string }

/** The organiser's bar at the bottom. Watchers see that they watch. */
export function HostControls({ tournament, token, store }: Props) {
  const { host } = texts()
  if (tournament.status === 'archived') {
    return <p class="host-controls soft">{host.archivedAbout}</p>
  }
  if (token === undefined) return <p class="host-controls soft">{host.readOnly}</p>
  const isDrawn = tournament.status === 'drawn'
  return (
    <section class="host-controls" aria-label={host.menu}>
      {isDrawn ? null : (
        <div class="host-actions">
          <JoiningToggle tournament={tournament} token={token} store={store} />
          <DrawButton tournament={tournament} token={token} store={store} />
        </div>
      )}
      <Menu tournament={tournament} token={token} store={store} />
    </section>
  )
}

function JoiningToggle({ tournament, token, store }: Controls) {
  const { host } = texts()
  const command = useCommand('setJoining')
  const { id, joining } = tournament
  const toggle = async () => {
    const sent = await command.send({ params: { id }, body: { open: !joining } }, { token })
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

function DrawButton({ tournament, token, store }: Controls) {
  const { host } = texts()
  const command = useCommand('drawTeams')
  const { ready } = tournament.readiness
  const draw = async () => {
    const sent = await command.send({ params: { id: tournament.id }, body: {} }, { token })
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

type Opened = 'rename' | 'archive' | 'redraw'

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
      <button type="button" class="button quiet" onClick={() => setOpened('rename')}>
        {host.rename}
      </button>
      <a class="button quiet" href={`/screen/${tournament.id}`} target="_blank" rel="noreferrer">
        <LineIcon shape={screenShape} />
        {host.screen}
      </a>
      <button type="button" class="button quiet" onClick={() => setOpened('archive')}>
        {host.archive}
      </button>
      {opened === 'rename' ? <RenameDialog {...controls} onClose={close} /> : null}
      {opened === 'archive' ? <ArchiveDialog {...controls} onClose={close} /> : null}
      {opened === 'redraw' ? <RedrawDialog {...controls} onClose={close} /> : null}
    </div>
  )
}
