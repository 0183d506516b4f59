import type { Operations, OrganizationId, OutputOf } from '@matchday/contracts'
import { officeTexts } from '../../i18n/office.ts'
import { DateTile } from '../../people/DateTile.tsx'
import { period } from '../../people/dates.ts'
import { eventPath } from './place.ts'

export type ListedEvent = OutputOf<Operations['listOrganizationTournaments']>['items'][number]

type Props = { organizationId: OrganizationId; events: readonly ListedEvent[]; label?: string }

export function EventList({ organizationId, events, label }: Props) {
  if (events.length === 0) return null
  return (
    <ul class="lines" aria-label={label}>
      {events.map((event) => (
        <EventLine key={event.id} organizationId={organizationId} event={event} />
      ))}
    </ul>
  )
}

function EventLine({ organizationId, event }: { organizationId: OrganizationId; event: ListedEvent }) {
  const { events } = officeTexts()
  const { id, name, startsAt, endsAt, address, limit, seatsLeft, visibility, status } = event
  return (
    <li>
      <a class="line line-link" href={eventPath(organizationId, id)}>
        <DateTile startsAt={startsAt} />
        <span class="line-text">
          <strong>{name}</strong>
          <span class="soft">{period(startsAt, endsAt)}</span>
          {address ? <span class="soft one-line">{address.replaceAll('\n', ', ')}</span> : null}
        </span>
        <span class="line-end">
          <span class="visually-hidden">{events.seats(limit - seatsLeft, limit)}</span>
          <span class="seats-of" aria-hidden="true">
            {limit - seatsLeft}
            <i>/{limit}</i>
          </span>
          <span class="tag" data-kind={status === 'open' ? visibility : status}>
            {status === 'open' ? events.visibility[visibility].name : events.status[status]}
          </span>
        </span>
      </a>
    </li>
  )
}
