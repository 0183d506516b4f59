import { officeTexts } from '../../i18n/office.ts'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { EventList } from '../office/EventList.tsx'
import { inOrder, isPast, upcoming } from '../office/event-order.ts'
import { newEventPath } from '../office/place.ts'
import { mayRunEvents } from '../office/rights.ts'
import type { PartProps } from './part-props.ts'

/** So many are fetched before they are put in order: the server tells the newest first. */
const fetchedAtLeast = 300

/** The organisation's tournaments, what comes next first. */
export function EventsPart({ organization }: PartProps) {
  const { events } = officeTexts()
  const { organizationId, role } = organization
  const pages = usePages(
    organizationId,
    (query) => staff.call('listOrganizationTournaments', { params: { organizationId }, query }),
    fetchedAtLeast,
  )
  const nowMs = Date.now()
  const sorted = inOrder(pages.items, nowMs)
  const ahead = upcoming(sorted, nowMs)
  const past = sorted.filter((event) => isPast(event, nowMs))
  const create = mayRunEvents(role) ? (
    <a class="button primary" href={newEventPath(organizationId)}>
      {events.create}
    </a>
  ) : null
  return (
    <>
      <PartHead title={events.title}>{pages.items.length > 0 ? create : null}</PartHead>
      <Paged
        pages={pages}
        none={
          <Empty title={events.none} about={create ? events.noneAbout : undefined}>
            {create}
          </Empty>
        }
      >
        <EventList organizationId={organizationId} events={ahead} label={events.ahead} />
        {past.length > 0 ? (
          <section class="stack" aria-labelledby="past-events">
            <h2 id="past-events">{events.past}</h2>
            <EventList organizationId={organizationId} events={past} />
          </section>
        ) : null}
      </Paged>
    </>
  )
}
