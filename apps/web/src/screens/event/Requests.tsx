import type { Operations, OutputOf, Tournament } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import { ErrorText } from '../../components/ErrorText.tsx'
import { officeTexts } from '../../i18n/office.ts'
import type { Publication } from '../../live/publication.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { LineButton, Paged } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { Authority } from './authority.ts'

type Request = OutputOf<Operations['listEntryRequests']>['items'][number]
type Props = { store: TournamentStore; tournament: Tournament; authority: Authority }

/** While the live channel is down, the list is fetched anew this often. */
const againMs = 10_000
const concerning: ReadonlySet<Publication['type']> = new Set([
  'entry-requested',
  'entry-declined',
  'player-joined',
])

/** Who waits to be let into a private tournament; follows what happens. */
export function Requests({ store, tournament, authority }: Props) {
  const { requests } = officeTexts()
  const { id } = tournament
  const pages = usePages(`requests ${id}`, (query) =>
    staff.call('listEntryRequests', { params: { id }, query }, authority),
  )
  useEffect(() => {
    const stop = store.onPublication(({ type }) => {
      if (concerning.has(type)) void pages.reload()
    })
    const timer = setInterval(() => {
      if (store.connection.peek().status !== 'live') void pages.reload()
    }, againMs)
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [store, pages.reload])
  const canDecide = tournament.status === 'open'
  return (
    <section class="card stack" aria-labelledby="requests-title">
      <header class="card-head">
        <h2 id="requests-title">{requests.title}</h2>
        {pages.items.length > 0 ? <span class="pill">{pages.items.length}</span> : null}
      </header>
      <Paged pages={pages} none={<p class="soft">{requests.none}</p>}>
        <ul class="lines" aria-live="polite" data-testid="requests">
          {pages.items.map((request) => (
            <RequestLine
              key={request.playerId}
              request={request}
              tournament={tournament}
              authority={authority}
              canDecide={canDecide}
              onDecided={pages.reload}
            />
          ))}
        </ul>
      </Paged>
    </section>
  )
}

type LineProps = {
  request: Request
  tournament: Tournament
  authority: Authority
  canDecide: boolean
  onDecided: () => Promise<void>
}

function RequestLine({ request, tournament, authority, canDecide, onDecided }: LineProps) {
  const { requests } = officeTexts()
  const command = useStaffCommand('decideEntryRequest')
  const { playerId, firstName, lastName, requestedAt } = request
  const name = `${firstName} ${lastName}`
  const decide = async (accepted: boolean) => {
    const params = { id: tournament.id, playerId }
    const sent = await command.send({ params, body: { accepted } }, authority)
    // Somebody else was quicker: then the line goes, too.
    if (sent.status === 'done' || (sent.status === 'rejected' && sent.code === 'already-decided')) {
      await onDecided()
    }
  }
  return (
    <li class="line line-request" data-testid="request">
      <span class="line-text">
        <strong>{name}</strong>
        <span class="hint">{dateTime(requestedAt)}</span>
        <ErrorText text={command.failure?.text} />
      </span>
      {canDecide ? (
        <span class="line-end">
          <LineButton
            action={requests.decline}
            spoken={requests.declineThat(name)}
            onPress={() => decide(false)}
            isBusy={command.isBusy}
          />
          <LineButton
            action={requests.accept}
            spoken={requests.acceptThat(name)}
            onPress={() => decide(true)}
            isBusy={command.isBusy}
            isPrimary
          />
        </span>
      ) : null}
    </li>
  )
}
