import { lazyScreen } from '../../components/lazy-screen.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { WaitingPage } from '../../people/Lists.tsx'
import { Tabs } from '../../people/Tabs.tsx'
import { useQuery } from '../../people/use-query.ts'
import { staff } from '../../session/sessions.ts'
import type { Organization } from '../office/office-context.ts'
import { useOffice } from '../office/office-context.ts'
import { organizationPath, type Part, type Place, parts } from '../office/place.ts'
import { isOffered } from '../office/rights.ts'
import { StatusPill } from '../office/StatusPill.tsx'
import { ChangesPart } from './ChangesPart.tsx'
import { BlockedOrganization, Pending } from './Closed.tsx'
import { EventsPart } from './EventsPart.tsx'
import { IncidentScreen } from './IncidentScreen.tsx'
import { IncidentsPart } from './IncidentsPart.tsx'
import { KeysPart } from './KeysPart.tsx'
import { PeoplePart } from './PeoplePart.tsx'
import type { PartProps } from './part-props.ts'
import { SettingsPart } from './SettingsPart.tsx'
import './organization.css'

const EventScreen = lazyScreen(async () => (await import('../event/EventScreen.tsx')).EventScreen)
const NewEvent = lazyScreen(async () => (await import('../event/NewEvent.tsx')).NewEvent)

type InOrganization = Extract<Place, { organizationId: unknown }>

/** An organisation's office: its name, its tabs, and what is asked for. */
export function OrganizationScreen({ place }: { place: InOrganization }) {
  const { organizationId } = place
  const { reload } = useOffice()
  const asked = useQuery(organizationId, () => staff.call('getOrganization', { params: { organizationId } }))
  if (asked.status === 'rejected' && asked.code === 'organization-blocked') return <BlockedOrganization />
  if (asked.status !== 'ready') return <WaitingPage pages={asked} />
  const organization = asked.value
  const isOpen = organization.status === 'approved' || organization.isPreview
  const changed = async () => {
    await Promise.all([asked.reload(), reload()])
  }
  return (
    <main id="content" class="desk">
      <OrganizationHead organization={organization} place={place} isOpen={isOpen} />
      {isOpen ? (
        <Inside place={place} organization={organization} changed={changed} />
      ) : (
        <Pending organization={organization} />
      )}
    </main>
  )
}

type HeadProps = { organization: Organization; place: InOrganization; isOpen: boolean }

function OrganizationHead({ organization, place, isOpen }: HeadProps) {
  const { tabs } = officeTexts()
  const { name, role, status, organizationId } = organization
  const current = tabOf(place)
  return (
    <header class="organization-head">
      <p class="organization-name" data-long={name.length > 40}>
        <a href={organizationPath(organizationId)} title={name}>
          {name}
        </a>
        <StatusPill status={status} />
      </p>
      {isOpen ? (
        <Tabs
          label={tabs.label}
          tabs={parts
            .filter((part) => isOffered(part, role))
            .map((part) => ({
              href: organizationPath(organizationId, part),
              text: tabs[part],
              current: part !== current ? undefined : place.screen === 'part' ? 'page' : 'true',
            }))}
        />
      ) : null}
    </header>
  )
}

function tabOf(place: InOrganization): Part {
  if (place.screen === 'part') return place.part
  return place.screen === 'incident' ? 'incidents' : 'events'
}

function Inside({ place, ...props }: PartProps & { place: InOrganization }) {
  switch (place.screen) {
    case 'part':
      return <PartScreen part={place.part} {...props} />
    case 'new-event':
      return <NewEvent {...props} />
    case 'event':
      return <EventScreen key={place.tournamentId} tournamentId={place.tournamentId} {...props} />
    case 'incident':
      return <IncidentScreen key={place.incidentId} incidentId={place.incidentId} {...props} />
    default:
      return place satisfies never
  }
}

function PartScreen({ part, ...props }: PartProps & { part: Part }) {
  switch (part) {
    case 'events':
      return <EventsPart {...props} />
    case 'incidents':
      return <IncidentsPart {...props} />
    case 'people':
      return <PeoplePart {...props} />
    case 'changes':
      return <ChangesPart {...props} />
    case 'keys':
      return <KeysPart {...props} />
    case 'settings':
      return <SettingsPart {...props} />
    default:
      return part satisfies never
  }
}
