import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { officeTexts } from '../../i18n/office.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, SaveFoot } from '../../people/Form.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { WebLink } from '../../people/WebLink.tsx'
import { OrganizationFields } from '../office/OrganizationFields.tsx'
import { type Organization, useOffice } from '../office/office-context.ts'
import {
  type OrganizationForm,
  organizationErrors,
  organizationPointers,
  organizationRequest,
} from '../office/organization-form.ts'
import { may } from '../office/rights.ts'
import { DeleteOrganization } from './DeleteOrganization.tsx'
import type { PartProps } from './part-props.ts'

/** The profile of the organisation; whoever may not change it sees it. */
export function SettingsPart({ organization, changed }: PartProps) {
  const { settings } = officeTexts()
  const isOwner = may(organization.role, 'changeOrganization')
  return (
    <>
      <PartHead title={settings.title} />
      <div class="cards">
        <section class="card stack" aria-label={settings.profile}>
          {isOwner ? (
            <ProfileForm organization={organization} changed={changed} />
          ) : (
            <Profile organization={organization} />
          )}
        </section>
        <div class="column">
          {organization.isPreview ? null : <LeaveCard organization={organization} />}
          {isOwner ? <DeleteOrganization organization={organization} /> : null}
        </div>
      </div>
    </>
  )
}

function Profile({ organization: { name, address, website } }: { organization: Organization }) {
  const { register } = officeTexts()
  return (
    <dl class="facts">
      <dt>{register.name}</dt>
      <dd>{name}</dd>
      {address ? (
        <>
          <dt>{register.address}</dt>
          <dd class="lines-of-text">{address}</dd>
        </>
      ) : null}
      {website ? (
        <>
          <dt>{register.website}</dt>
          <dd>
            <WebLink address={website} />
          </dd>
        </>
      ) : null}
    </dl>
  )
}

function ProfileForm({ organization, changed }: PartProps) {
  const { settings } = officeTexts()
  const command = useStaffCommand('changeOrganization')
  const { organizationId, name, address, website, version } = organization
  const [form, setForm] = useState<OrganizationForm>({
    name,
    address: address ?? '',
    website: website ?? '',
  })
  const [isSaved, setSaved] = useState(false)
  const errors = organizationErrors(form, true, command.failure)
  const save = async () => {
    setSaved(false)
    if (Object.values(organizationErrors(form, true, null)).some((error) => error !== null)) return
    const sent = await command.send(
      { params: { organizationId }, body: organizationRequest(form) },
      { version },
    )
    if (sent.status === 'rejected' && sent.code === 'stale-version') await changed()
    if (sent.status !== 'done') return
    await changed()
    setSaved(true)
  }
  return (
    <Form onSubmit={save}>
      <OrganizationFields
        form={form}
        errors={errors}
        onChange={(part) => {
          setForm({ ...form, ...part })
          setSaved(false)
        }}
      />
      <SaveFoot
        error={
          command.failure?.code === 'stale-version'
            ? settings.changedMeanwhile
            : organizationPointers.rest(command.failure)
        }
        isBusy={command.isBusy}
        isSaved={isSaved}
      />
    </Form>
  )
}

function LeaveCard({ organization }: { organization: Organization }) {
  const { settings } = officeTexts()
  const { profile, reload } = useOffice()
  const { route } = useLocation()
  const [isAsking, setAsking] = useState(false)
  const { organizationId, name } = organization
  const left = async () => {
    route('/office', true)
    await reload()
  }
  return (
    <section class="card stack" aria-labelledby="leave-title">
      <h2 id="leave-title">{settings.leave}</h2>
      <p class="soft">{settings.leaveAbout}</p>
      <div class="form-actions">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {settings.leave}
        </button>
      </div>
      {isAsking ? (
        <ConfirmCommand
          command="removeMember"
          input={{ params: { organizationId, accountId: profile.accountId } }}
          title={settings.leaveAsk(name)}
          about={settings.leaveAbout}
          action={settings.leaveNow}
          onDone={left}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </section>
  )
}
