import { useEffect } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { useQuery } from '../../people/use-query.ts'
import { peopleApi } from '../../session/sessions.ts'
import { AcceptInvitation, InvitationWords } from './AcceptInvitation.tsx'
import { forgetInvitation, keptInvitation } from './pending-invitation.ts'

/** An invitation that was opened on this device before its owner had an account. */
export function PendingInvitation() {
  const token = keptInvitation(Date.now())
  const asked = useQuery(token === null ? null : 'kept invitation', () =>
    peopleApi('lookAtInvitation', { body: { token: token ?? '' } }),
  )
  useEffect(() => {
    if (asked.status === 'rejected') forgetInvitation()
  }, [asked.status])
  if (token === null || asked.status !== 'ready') return null
  return (
    <section class="card stack pending-invitation" aria-label={officeTexts().invite.title}>
      <InvitationWords invitation={asked.value} />
      <AcceptInvitation invitation={asked.value} token={token} />
    </section>
  )
}
