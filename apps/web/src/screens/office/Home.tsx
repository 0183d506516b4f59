import { useScreen } from '../../components/use-screen.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { Empty, Waiting } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { useSignInWays } from '../account/SignIn.tsx'
import { EventList } from './EventList.tsx'
import { inOrder, upcoming } from './event-order.ts'
import { type Membership, useOffice } from './office-context.ts'
import { PendingInvitation } from './PendingInvitation.tsx'
import { newEventPath, organizationPath } from './place.ts'
import { mayRunEvents } from './rights.ts'
import { StatusPill } from './StatusPill.tsx'

/** So many organisations show what comes next; more would be a flood. */
const shownWithEventsMax = 3
const eventsShown = 3

export function Home() {
  const { home } = officeTexts()
  const { nav } = peopleTexts()
  const { profile, memberships } = useOffice()
  const heading = useScreen(home.title)
  return (
    <main id="content" class="desk">
      <header class="desk-head">
        <p class="kicker">{home.title}</p>
        <h1 ref={heading} tabIndex={-1}>
          {home.hello(profile.firstName)}
        </h1>
      </header>
      <PendingInvitation />
      {memberships.length === 0 ? <NoOrganization /> : null}
      {memberships.map((membership, index) => (
        <OrganizationCard
          key={membership.organizationId}
          membership={membership}
          hasEvents={index < shownWithEventsMax && membership.status === 'approved'}
        />
      ))}
      <nav class="desk-links" aria-label={home.more}>
        {memberships.length > 0 ? <RegisterLink /> : null}
        {profile.platformRole === null ? null : (
          <a class="button" href="/admin">
            {nav.admin}
          </a>
        )}
      </nav>
    </main>
  )
}

/** Whether this person may register an organisation here. */
function useMayRegister(): boolean {
  const { profile } = useOffice()
  const ways = useSignInWays('staff')
  return ways !== null && (ways.registration !== 'closed' || profile.platformRole === 'superadmin')
}

function RegisterLink() {
  return useMayRegister() ? (
    <a class="button" href="/office/register">
      {officeTexts().home.another}
    </a>
  ) : null
}

function NoOrganization() {
  const { home } = officeTexts()
  const mayRegister = useMayRegister()
  return (
    <Empty title={home.none} about={mayRegister ? home.noneAbout : home.noneInvite}>
      {mayRegister ? (
        <a class="button primary" href="/office/register">
          {home.register}
        </a>
      ) : null}
    </Empty>
  )
}

type CardProps = { membership: Membership; hasEvents: boolean }

function OrganizationCard({ membership, hasEvents }: CardProps) {
  const { roles } = peopleTexts()
  const { home } = officeTexts()
  const { organizationId, name, role, status, isPreview } = membership
  return (
    <section class="card stack organization-card" aria-label={name}>
      <header class="card-head">
        <h2>
          <a href={organizationPath(organizationId)}>{name}</a>
        </h2>
        <p class="soft">{isPreview ? home.inPreview : roles[role]}</p>
        <StatusPill status={status} />
      </header>
      {status === 'pending' ? <p class="soft">{home.pending}</p> : null}
      {status === 'blocked' ? <p class="soft">{home.blocked}</p> : null}
      {hasEvents ? <ComingUp membership={membership} /> : null}
    </section>
  )
}

function ComingUp({ membership }: { membership: Membership }) {
  const { home, events } = officeTexts()
  const { organizationId, role } = membership
  const pages = usePages(`events of ${organizationId}`, (query) =>
    staff.call('listOrganizationTournaments', { params: { organizationId }, query }),
  )
  const next = upcoming(inOrder(pages.items, Date.now()), Date.now()).slice(0, eventsShown)
  return (
    <>
      <Waiting pages={pages} />
      {pages.status === 'ready' && next.length === 0 ? <p class="soft">{home.nothingAhead}</p> : null}
      <EventList organizationId={organizationId} events={next} />
      <div class="form-actions">
        {mayRunEvents(role) ? (
          <a class="button" href={newEventPath(organizationId)}>
            {events.create}
          </a>
        ) : null}
        <a class="button quiet" href={organizationPath(organizationId)}>
          {home.all}
        </a>
      </div>
    </>
  )
}
