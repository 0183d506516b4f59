import { useScreen } from '../../components/use-screen.ts'
import { officeTexts } from '../../i18n/office.ts'
import type { Organization } from '../office/office-context.ts'
import { may } from '../office/rights.ts'
import { DeleteOrganization } from './DeleteOrganization.tsx'

/** An organisation that waits for an administrator, or is blocked: what that means, and what can be done. */
export function Closed({ organization }: { organization: Organization }) {
  const { closed } = officeTexts()
  const { status, role } = organization
  const words = status === 'blocked' ? closed.blocked : closed.pending
  const heading = useScreen(words.title)
  return (
    <>
      <section class="card stack closed-card" data-testid="closed" data-status={status}>
        <h1 ref={heading} tabIndex={-1}>
          {words.title}
        </h1>
        {words.about.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </section>
      {may(role, 'changeOrganization') && status === 'pending' ? (
        <DeleteOrganization organization={organization} />
      ) : null}
    </>
  )
}
