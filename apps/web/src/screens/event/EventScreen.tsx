import type { Tournament, TournamentId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { useTournament } from '../../live/use-tournament.ts'
import { period } from '../../people/dates.ts'
import { Empty, Waiting } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { liveSession } from '../../session/live-session.ts'
import type { Organization } from '../office/office-context.ts'
import { may, mayRunEvents } from '../office/rights.ts'
import { OpenIncidentDialog } from '../organization/OpenIncidentDialog.tsx'
import type { PartProps } from '../organization/part-props.ts'
import { Contacts } from './Contacts.tsx'
import { DetailsCard } from './DetailsCard.tsx'
import { EventFacts } from './EventFacts.tsx'
import { PlayerNames } from './PlayerNames.tsx'
import { Requests } from './Requests.tsx'

type Props = PartProps & { tournamentId: TournamentId }

/** One of the organisation's tournaments, with all that belongs to it; it follows what happens. */
export function EventScreen({ organization, tournamentId }: Props) {
  const { events } = officeTexts()
  const store = useTournament(tournamentId, undefined, liveSession)
  const tournament = store.tournament.value
  if (tournament === null) {
    const loading = store.loading.value
    if (loading === 'not-found') return <Empty title={events.gone} about={events.goneAbout} />
    return <Waiting pages={{ status: loading === 'unreachable' ? loading : 'loading' }} lines={6} />
  }
  const runs = mayRunEvents(organization.role)
  const isPrivate = tournament.visibility === 'private'
  return (
    <>
      <EventHead tournament={tournament} organization={organization} />
      {runs && isPrivate ? <Requests store={store} tournament={tournament} authority={{}} /> : null}
      <div class="split split-event">
        {runs && tournament.status !== 'archived' ? (
          <DetailsCard tournament={tournament} authority={{}} onChanged={() => store.changed()} />
        ) : (
          <EventFacts tournament={tournament} />
        )}
        <div class="stack">
          <Contacts organization={organization} tournamentId={tournamentId} />
          {runs ? <PlayerNames tournament={tournament} authority={{}} /> : null}
        </div>
      </div>
    </>
  )
}

type HeadProps = { tournament: Tournament; organization: Organization }

function EventHead({ tournament, organization }: HeadProps) {
  const { events, incidents } = officeTexts()
  const [isOpening, setOpening] = useState(false)
  const { id, name, startsAt, endsAt, limit, seatsLeft, status, visibility } = tournament
  const about = [period(startsAt, endsAt), events.seats(limit - seatsLeft, limit)]
  if (status !== 'open') about.push(events.status[status])
  return (
    <PartHead title={name} about={about.join(' · ')}>
      <a class="button primary" href={`/host/${id}`}>
        {mayRunEvents(organization.role) ? events.host : events.watch}
      </a>
      {visibility === 'private' ? null : (
        <a class="button" href={`/events/${id}`}>
          {events.page}
        </a>
      )}
      {may(organization.role, 'openIncident') ? (
        <button type="button" class="button quiet" onClick={() => setOpening(true)}>
          {incidents.open}
        </button>
      ) : null}
      {isOpening ? (
        <OpenIncidentDialog
          organizationId={organization.organizationId}
          tournamentId={id}
          onClose={() => setOpening(false)}
        />
      ) : null}
    </PartHead>
  )
}
