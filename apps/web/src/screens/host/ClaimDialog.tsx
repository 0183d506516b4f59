import type { OrganizationId, Tournament } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Dialog } from '../../components/Dialog.tsx'
import { hostingOf } from '../../device/seats.ts'
import { officeTexts } from '../../i18n/office.ts'
import type { TournamentStore } from '../../live/tournament-store.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { SelectField } from '../../people/fields.tsx'
import { Waiting } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { SignInForm } from '../account/SignIn.tsx'
import { eventPath } from '../office/place.ts'
import { mayRunEvents } from '../office/rights.ts'

type Props = { tournament: Tournament; token: string; store: TournamentStore; onClose: () => void }

/** Takes a tournament that was made without an account into an organisation. */
export function ClaimDialog(props: Props) {
  const { claim } = officeTexts()
  const isSignedIn = staff.facts.value.value !== null
  return (
    <Dialog title={claim.title} onClose={props.onClose}>
      <p class="soft">{claim.about}</p>
      {isSignedIn ? (
        <ClaimForm {...props} />
      ) : (
        <>
          <p>{claim.signIn}</p>
          <SignInForm realm="staff" />
        </>
      )}
    </Dialog>
  )
}

function ClaimForm({ tournament, token, store, onClose }: Props) {
  const { claim } = officeTexts()
  const { route } = useLocation()
  const command = useStaffCommand('claimTournament')
  const pages = usePages('memberships', (query) => staff.call('listMyOrganizations', { query }))
  const own = pages.items.filter(
    ({ role, status, isPreview }) => mayRunEvents(role) && (status === 'approved' || isPreview),
  )
  const [chosen, setChosen] = useState<OrganizationId | null>(null)
  const organizationId = chosen ?? own[0]?.organizationId
  if (pages.status !== 'ready') return <Waiting pages={pages} lines={2} />
  if (organizationId === undefined) {
    return (
      <>
        <p>{claim.none}</p>
        <div class="dialog-actions">
          <a class="button primary" href="/office">
            {claim.toOffice}
          </a>
        </div>
      </>
    )
  }
  const take = async () => {
    const { id } = tournament
    const sent = await command.send({ params: { id }, body: { organizationId, organizerToken: token } })
    if (sent.status !== 'done') return
    // From now on it is worth nothing.
    hostingOf(id).set(null)
    store.changed()
    onClose()
    route(eventPath(organizationId, id))
  }
  return (
    <Form onSubmit={take}>
      <SelectField
        label={claim.which}
        value={organizationId}
        onValue={setChosen}
        options={own.map((one) => [one.organizationId, one.name] as const)}
      />
      <FormFoot error={command.failure?.text} action={claim.submit} isBusy={command.isBusy} />
    </Form>
  )
}
