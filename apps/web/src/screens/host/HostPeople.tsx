import type { Tournament } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { Dialog } from '../../components/Dialog.tsx'
import { texts } from '../../i18n/language.ts'
import { officeTexts } from '../../i18n/office.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { Authority } from '../event/authority.ts'
import { DetailsEditor } from '../event/DetailsCard.tsx'
import { PlayerNames } from '../event/PlayerNames.tsx'
import { Requests } from '../event/Requests.tsx'
import { eventPath } from '../office/place.ts'
import { ClaimDialog } from './ClaimDialog.tsx'
import { RenameDialog } from './HostDialogs.tsx'
import '../../people/people.css'
import '../../people/forms.css'

type Props = { tournament: Tournament; authority: Authority; store: TournamentStore }
type Opened = 'more' | 'rename' | 'details' | 'claim' | 'players'

/** What is needed seldom: another name, when and where, whole names, an organisation. */
export function HostPeople(props: Props) {
  const { host } = texts()
  const [opened, setOpened] = useState<Opened | null>(null)
  const close = () => setOpened(null)
  const { tournament, authority, store } = props
  return (
    <>
      <button type="button" class="button quiet" data-testid="host-more" onClick={() => setOpened('more')}>
        {host.menu}
      </button>
      {opened === 'more' ? <MoreDialog {...props} onOpen={setOpened} onClose={close} /> : null}
      {opened === 'rename' ? <RenameDialog {...props} onClose={close} /> : null}
      {opened === 'details' ? (
        <Dialog title={officeTexts().details.title} onClose={close}>
          <DetailsEditor tournament={tournament} authority={authority} onChanged={() => store.changed()} />
        </Dialog>
      ) : null}
      {opened === 'players' ? (
        <Dialog title={officeTexts().players.title} onClose={close}>
          <PlayerNames tournament={tournament} authority={authority} />
        </Dialog>
      ) : null}
      {opened === 'claim' && authority.token !== undefined ? (
        <ClaimDialog tournament={tournament} token={authority.token} store={store} onClose={close} />
      ) : null}
    </>
  )
}

type MoreProps = Props & { onOpen: (what: Opened) => void; onClose: () => void }

function MoreDialog({ tournament, authority, onOpen, onClose }: MoreProps) {
  const { host } = texts()
  const { details, players, claim, tabs } = officeTexts()
  const { organization, id } = tournament
  return (
    <Dialog title={host.menu} onClose={onClose}>
      <div class="menu-list">
        <button type="button" class="button" onClick={() => onOpen('rename')}>
          {host.rename}
        </button>
        <button type="button" class="button" onClick={() => onOpen('details')}>
          {details.title}
        </button>
        <button type="button" class="button" onClick={() => onOpen('players')}>
          {players.show}
        </button>
        {organization === null && authority.token !== undefined ? (
          <button type="button" class="button" onClick={() => onOpen('claim')}>
            {claim.menu}
          </button>
        ) : null}
        {organization !== null && staff.facts.value.value !== null ? (
          <a class="button" href={eventPath(organization.id, id)}>
            {`${tabs.label}: ${organization.name}`}
          </a>
        ) : null}
      </div>
    </Dialog>
  )
}

/** Says how many wait to be let in. Who opens it lets them in. */
export function HostRequests(props: Props) {
  const { requests } = officeTexts()
  const { tournament, authority, store } = props
  const [isOpen, setOpen] = useState(false)
  const { id } = tournament
  const pages = usePages(`requests ${id}`, (query) =>
    staff.call('listEntryRequests', { params: { id }, query }, authority),
  )
  useEffect(() => {
    return store.onPublication(() => void pages.reload())
  }, [store, pages.reload])
  const count = pages.items.length
  return (
    <>
      {count === 0 ? null : (
        <button
          type="button"
          class="button requests"
          data-testid="host-requests"
          onClick={() => setOpen(true)}
        >
          {requests.title}
          <span class="pill">{count}</span>
        </button>
      )}
      {isOpen ? (
        <Dialog title={requests.title} onClose={() => setOpen(false)}>
          <Requests {...props} />
        </Dialog>
      ) : null}
    </>
  )
}
