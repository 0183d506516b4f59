import { isTournamentId } from '../../device/tournament-id.ts'
import { NotFound } from '../NotFound.tsx'
import { EventPage } from './EventPage.tsx'
import { SearchPage } from './SearchPage.tsx'
import '../../people/forms.css'
import '../../people/people.css'
import './events.css'

/** `/events` is the search, `/events/<id>` one event; for everybody. */
export function EventsScreen({ section = '' }: { section?: string }) {
  if (section === '') return <SearchPage />
  return isTournamentId(section) ? <EventPage id={section} /> : <NotFound />
}
