import type { Tournament, TournamentId } from '@matchday/contracts'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { eventsTexts } from '../../i18n/events.ts'
import { DateTile } from '../../people/DateTile.tsx'
import { WaitingPage } from '../../people/Lists.tsx'
import { useQuery } from '../../people/use-query.ts'
import { WhereAndWhen } from '../../people/WhereAndWhen.tsx'
import { peopleApi } from '../../session/sessions.ts'
import { stateOf } from './SearchPage.tsx'

/** One event, for everybody who has its address: what, when, where, by whom, and the way in. */
export function EventPage({ id }: { id: TournamentId }) {
  const words = eventsTexts()
  const asked = useQuery(id, () => peopleApi('getTournament', { params: { id } }))
  return (
    <>
      <TopBar />
      {asked.status === 'ready' ? (
        <Shown tournament={asked.value} />
      ) : asked.status === 'rejected' ? (
        <Notice icon="lost" title={words.gone} about={words.goneAbout}>
          <a class="button primary" href="/events">
            {words.all}
          </a>
        </Notice>
      ) : (
        <WaitingPage pages={asked} />
      )}
    </>
  )
}

function Shown({ tournament }: { tournament: Tournament }) {
  const words = eventsTexts()
  const heading = useScreen(tournament.name)
  const { name, description, organization, startsAt } = tournament
  return (
    <main id="content" class="desk event-page">
      <header class="event-head">
        <DateTile startsAt={startsAt} />
        <div>
          {organization ? (
            <p class="kicker">
              {words.organizer} {organization.name}
            </p>
          ) : null}
          <h1 ref={heading} tabIndex={-1} data-long={name.length > 40}>
            {name}
          </h1>
        </div>
      </header>
      <div class="split split-event event-body">
        <section class="card" aria-label={words.place}>
          <WhereAndWhen event={tournament} />
        </section>
        <WayIn tournament={tournament} />
        {description ? (
          <section class="card stack event-about" aria-labelledby="about-title">
            <h2 id="about-title">{words.about}</h2>
            <p class="lines-of-text">{description}</p>
          </section>
        ) : null}
      </div>
      <p>
        <a href="/events">{words.all}</a>
      </p>
    </main>
  )
}

function WayIn({ tournament }: { tournament: Tournament }) {
  const words = eventsTexts()
  const state = stateOf(tournament)
  const { id, joinCode, seatsLeft, limit } = tournament
  return (
    <section class="card stack way-in" aria-label={words.join}>
      <p class="scoreboard-small" aria-hidden="true">
        <span>{limit - seatsLeft}</span>
        <span>{limit}</span>
      </p>
      <p>
        <strong>{state === 'join' ? words.seatsLeft(seatsLeft) : words[state]}</strong>
      </p>
      {state === 'join' ? (
        <a class="button primary large" href={`/j/${joinCode}`}>
          {words.join}
        </a>
      ) : null}
      <a class="button" href={`/t/${id}`}>
        {words.watch}
      </a>
    </section>
  )
}
