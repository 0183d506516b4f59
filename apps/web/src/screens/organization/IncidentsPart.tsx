import type { IncidentStatus } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { dateTime } from '../../people/dates.ts'
import { SelectField } from '../../people/fields.tsx'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { incidentPath } from '../office/place.ts'
import { may } from '../office/rights.ts'
import { byUrgency, type Incident, incidentStatuses } from './incident-words.ts'
import { OpenIncidentDialog } from './OpenIncidentDialog.tsx'
import type { PartProps } from './part-props.ts'

type Filter = IncidentStatus | 'all'

/** What is to be done about the organisation's tournaments. */
export function IncidentsPart({ organization }: PartProps) {
  const { incidents } = officeTexts()
  const { organizationId, role } = organization
  const [filter, setFilter] = useState<Filter>('all')
  const [isOpening, setOpening] = useState(false)
  const pages = usePages(`${organizationId} ${filter}`, (page) =>
    staff.call('listIncidents', {
      params: { organizationId },
      query: { ...page, ...(filter === 'all' ? {} : { status: filter }) },
    }),
  )
  const mayOpen = may(role, 'openIncident')
  const open = () => setOpening(true)
  return (
    <>
      <PartHead title={incidents.title} about={incidents.about}>
        {mayOpen ? (
          <button type="button" class="button primary" onClick={open}>
            {incidents.open}
          </button>
        ) : null}
      </PartHead>
      <div class="filters">
        <SelectField
          label={incidents.status}
          value={filter}
          onValue={setFilter}
          options={[
            ['all', incidents.all] as const,
            ...incidentStatuses.map((status) => [status, incidents.statuses[status]] as const),
          ]}
        />
      </div>
      <Paged
        pages={pages}
        none={
          <Empty
            title={filter === 'all' ? incidents.none : incidents.noneLikeThis}
            about={filter === 'all' ? incidents.noneAbout : undefined}
          />
        }
      >
        <ul class="lines" aria-label={incidents.title} data-testid="incidents">
          {byUrgency(pages.items).map((incident) => (
            <IncidentLine
              key={incident.incidentId}
              incident={incident}
              href={incidentPath(organizationId, incident.incidentId)}
            />
          ))}
        </ul>
      </Paged>
      {isOpening ? (
        <OpenIncidentDialog organizationId={organizationId} onClose={() => setOpening(false)} />
      ) : null}
    </>
  )
}

function IncidentLine({ incident, href }: { incident: Incident; href: string }) {
  const { incidents } = officeTexts()
  const { common } = peopleTexts()
  const { name, status, priority, author, createdAt, comments } = incident
  return (
    <li>
      <a class="line line-link" href={href} data-status={status}>
        <span class="priority-mark" data-priority={priority}>
          <span class="visually-hidden">{incidents.priorities[priority]}</span>
        </span>
        <span class="line-text">
          <strong>{name}</strong>
          <span class="soft">{incidents.by(author.name ?? common.nobody, dateTime(createdAt))}</span>
        </span>
        <span class="line-end">
          {comments > 0 ? <span class="soft">{incidents.comments(comments)}</span> : null}
          <span class="tag" data-kind={status}>
            {incidents.statuses[status]}
          </span>
        </span>
      </a>
    </li>
  )
}
