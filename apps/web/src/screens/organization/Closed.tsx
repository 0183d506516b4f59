import { useScreen } from '../../components/use-screen.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import type { Organization } from '../office/office-context.ts'
import { may } from '../office/rights.ts'
import { DeleteOrganization } from './DeleteOrganization.tsx'

/** An organisation that waits for an administrator: what that means, and what can be done. */
export function Pending({ organization }: { organization: Organization }) {
  const { closed } = officeTexts()
  return (
    <>
      <Told {...closed.pending} />
      {may(organization.role, 'changeOrganization') ? (
        <DeleteOrganization organization={organization} />
      ) : null}
    </>
  )
}

/** A blocked one answers nothing at all, not even what it is called. */
export function BlockedOrganization() {
  const { closed } = officeTexts()
  const { nav } = peopleTexts()
  return (
    <main id="content" class="desk">
      <Told {...closed.blocked} />
      <p>
        <a class="button" href="/office">
          {nav.office}
        </a>
      </p>
    </main>
  )
}

function Told({ title, about }: { title: string; about: readonly string[] }) {
  const heading = useScreen(title)
  return (
    <section class="card stack closed-card" data-testid="closed">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {about.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </section>
  )
}
