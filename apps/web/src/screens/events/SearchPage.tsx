import type { Operations, OutputOf } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Field } from '../../components/Field.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { eventsTexts } from '../../i18n/events.ts'
import { DateTile } from '../../people/DateTile.tsx'
import { period } from '../../people/dates.ts'
import { Empty, Paged } from '../../people/Lists.tsx'
import { ownTimeZone, wallTimeOf } from '../../people/time-zone.ts'
import { usePages } from '../../people/use-pages.ts'
import { peopleApi } from '../../session/sessions.ts'
import { queryLengthMax, type Search, searchFrom, searchPath, searchRequest } from './search-form.ts'

type Found = OutputOf<Operations['searchTournaments']>['items'][number]

/** Typing rests this long before it is searched. */
const restMs = 350

/** Public tournaments, by words and days; the address holds what was looked for. */
export function SearchPage() {
  const events = eventsTexts()
  const heading = useScreen(events.title)
  const { search, change, settled } = useSearch()
  const pages = usePages(searchPath(settled, ''), (page) =>
    peopleApi('searchTournaments', { query: { ...page, ...searchRequest(settled, ownTimeZone()) } }),
  )
  const isAll = settled.query.trim() === '' && settled.to === ''
  return (
    <>
      <TopBar />
      <main id="content" class="desk desk-events">
        <header class="desk-head">
          <h1 ref={heading} tabIndex={-1}>
            {events.title}
          </h1>
          <p class="lead">{events.lead}</p>
        </header>
        <SearchForm search={search} onChange={change} />
        <Paged
          pages={pages}
          lines={4}
          none={
            <Empty
              title={isAll ? events.nothing : events.none}
              about={isAll ? events.nothingAbout : events.noneAbout}
            >
              {isAll ? (
                <a class="button" href="/j">
                  {events.byCode}
                </a>
              ) : (
                <button type="button" class="button" onClick={() => change({ query: '', to: '' })}>
                  {events.clear}
                </button>
              )}
            </Empty>
          }
        >
          <ul class="lines" aria-label={events.title} data-testid="found">
            {pages.items.map((event) => (
              <FoundLine key={event.id} event={event} />
            ))}
          </ul>
        </Paged>
      </main>
    </>
  )
}

/** By this device's calendar: what is over is looked for by naming an earlier day. */
const today = () => wallTimeOf(new Date().toISOString(), ownTimeZone()).slice(0, 10)

/** What is typed, and what is searched for once the typing rests. */
function useSearch() {
  const { query: parameters } = useLocation()
  const [search, setSearch] = useState<Search>(() => searchFrom(parameters, today()))
  const [settled, setSettled] = useState(search)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(search), restMs)
    return () => clearTimeout(timer)
  }, [search])
  useEffect(() => {
    // Replaced without the router: the page stays as it is.
    history.replaceState(history.state, '', searchPath(settled, today()))
  }, [settled])
  const change = (part: Partial<Search>) => setSearch((before) => ({ ...before, ...part }))
  return { search, settled, change }
}

type FormProps = { search: Search; onChange: (part: Partial<Search>) => void }

function SearchForm({ search, onChange }: FormProps) {
  const words = eventsTexts()
  return (
    <search>
      <form class="search-form" onSubmit={(event) => event.preventDefault()}>
        <Field
          label={words.search}
          type="search"
          value={search.query}
          onValue={(query) => onChange({ query })}
          maxLength={queryLengthMax}
          autocomplete="off"
          enterkeyhint="search"
        />
        <Field
          label={words.from}
          type="date"
          value={search.from}
          max={search.to}
          onValue={(from) => onChange({ from })}
        />
        <Field
          label={words.to}
          type="date"
          value={search.to}
          min={search.from}
          onValue={(to) => onChange({ to })}
        />
      </form>
    </search>
  )
}

function FoundLine({ event }: { event: Found }) {
  const words = eventsTexts()
  const { id, name, startsAt, endsAt, address, organization, status, joining, seatsLeft } = event
  const isOpen = status === 'open' && joining && seatsLeft > 0
  return (
    <li>
      <a class="line line-link" href={`/events/${id}`}>
        <DateTile startsAt={startsAt} />
        <span class="line-text">
          <strong>{name}</strong>
          <span class="soft">{period(startsAt, endsAt)}</span>
          {address ? <span class="soft one-line">{address.replaceAll('\n', ', ')}</span> : null}
          {organization ? <span class="hint one-line">{organization.name}</span> : null}
        </span>
        <span class="line-end">
          <span class="tag" data-kind={isOpen ? 'open' : undefined}>
            {isOpen ? words.seatsLeft(seatsLeft) : words[stateOf(event)]}
          </span>
        </span>
      </a>
    </li>
  )
}

/** Why nobody can join, or that one can. */
export function stateOf(event: {
  status: 'open' | 'drawn' | 'archived'
  joining: boolean
  seatsLeft: number
}): 'join' | 'full' | 'closed' | 'drawn' | 'archived' {
  if (event.status !== 'open') return event.status
  if (event.seatsLeft === 0) return 'full'
  return event.joining ? 'join' : 'closed'
}
