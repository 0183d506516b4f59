import type { Operations, OrganizationStatus, OutputOf } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { Field } from '../../components/Field.tsx'
import { adminTexts } from '../../i18n/admin.ts'
import { officeTexts } from '../../i18n/office.ts'
import { dayOf } from '../../people/dates.ts'
import { SelectField } from '../../people/fields.tsx'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'

type Listed = OutputOf<Operations['listOrganizations']>['items'][number]
type Filter = OrganizationStatus | 'all'

const filters = ['pending', 'approved', 'blocked', 'all'] as const satisfies readonly Filter[]
const restMs = 350
/** As in the contract. */
const queryLengthMax = 100

/** All organisations; those that wait come first, for that is what an administrator is here for. */
export function OrganizationsPage() {
  const words = adminTexts()
  const [filter, setFilter] = useState<Filter>('pending')
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  const pages = usePages(`${filter} ${query}`, (page) =>
    staff.call('listOrganizations', {
      query: {
        ...page,
        ...(filter === 'all' ? {} : { status: filter }),
        ...(query === '' ? {} : { query }),
      },
    }),
  )
  return (
    <>
      <PartHead title={words.organizations} />
      <div class="filters">
        <SelectField
          label={words.show}
          value={filter}
          onValue={setFilter}
          options={filters.map((one) => [one, words.filters[one]] as const)}
        />
        <Field
          label={words.search}
          type="search"
          value={typed}
          onValue={setTyped}
          maxLength={queryLengthMax}
          autocomplete="off"
          enterkeyhint="search"
        />
      </div>
      <Paged pages={pages} none={<Empty title={query !== '' ? words.noneFound : words.none[filter]} />}>
        <ul class="lines" aria-label={words.organizations} data-testid="organizations">
          {pages.items.map((organization) => (
            <OrganizationLine key={organization.organizationId} organization={organization} />
          ))}
        </ul>
      </Paged>
    </>
  )
}

function OrganizationLine({ organization }: { organization: Listed }) {
  const words = adminTexts()
  const { status: statusWords } = officeTexts()
  const { organizationId, name, address, members, createdAt, status } = organization
  return (
    <li>
      <a class="line line-link" href={`/admin/organizations/${organizationId}`} data-testid="organization">
        <span class="line-text">
          <strong>{name}</strong>
          {address ? <span class="soft one-line">{address.replaceAll('\n', ', ')}</span> : null}
          <span class="hint">
            {words.since(dayOf(createdAt))} · {words.members(members)}
          </span>
        </span>
        <span class="line-end">
          <span class="tag" data-kind={status}>
            {statusWords[status]}
          </span>
        </span>
      </a>
    </li>
  )
}
