import type { Operations, OrganizationId, OutputOf } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ErrorText } from '../../components/ErrorText.tsx'
import { adminTexts } from '../../i18n/admin.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Waiting } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { useQuery } from '../../people/use-query.ts'
import { WebLink } from '../../people/WebLink.tsx'
import { staff } from '../../session/sessions.ts'
import { ConfirmByName } from '../office/ConfirmByName.tsx'
import { useOffice } from '../office/office-context.ts'
import { organizationPath } from '../office/place.ts'

type Inspected = OutputOf<Operations['inspectOrganization']>

/** One organisation, for deciding about it. */
export function InspectPage({ organizationId }: { organizationId: OrganizationId }) {
  const asked = useQuery(organizationId, () =>
    staff.call('inspectOrganization', { params: { organizationId } }),
  )
  if (asked.status !== 'ready') return <Waiting pages={asked} lines={5} />
  const organization = asked.value
  return (
    <>
      <PartHead title={organization.name} about={officeTexts().status[organization.status]} />
      <div class="split split-event">
        <Facts organization={organization} />
        <div class="stack">
          <Decision organization={organization} changed={asked.reload} />
          <PreviewCard organization={organization} />
        </div>
      </div>
    </>
  )
}

function Facts({ organization }: { organization: Inspected }) {
  const words = adminTexts()
  const { register } = officeTexts()
  const { common } = peopleTexts()
  const { address, website, members, createdAt, owners } = organization
  return (
    <section class="card stack" aria-label={organization.name}>
      <dl class="facts">
        <div>
          <dt>{words.registered}</dt>
          <dd>{dateTime(createdAt)}</dd>
        </div>
        <div>
          <dt>{words.people}</dt>
          <dd>{words.members(members)}</dd>
        </div>
        {address ? (
          <div>
            <dt>{register.address}</dt>
            <dd class="lines-of-text">{address}</dd>
          </div>
        ) : null}
        {website ? (
          <div>
            <dt>{register.website}</dt>
            <dd>
              <WebLink address={website} />
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{words.owners}</dt>
          <dd>
            <ul>
              {owners.map(({ accountId, firstName, lastName, email }) => (
                <li key={accountId}>
                  {firstName === null ? common.nobody : `${firstName} ${lastName ?? ''}`}
                  {email ? (
                    <>
                      {' · '}
                      <a href={`mailto:${email}`}>{email}</a>
                    </>
                  ) : null}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      </dl>
    </section>
  )
}

type DecisionProps = { organization: Inspected; changed: () => Promise<void> }

/** Approving is one press; blocking says what it does, and wants the name. */
function Decision({ organization, changed }: DecisionProps) {
  const words = adminTexts()
  const command = useStaffCommand('approveOrganization')
  const [isBlocking, setBlocking] = useState(false)
  const { organizationId, name, status } = organization
  const decide = async (approved: boolean) => {
    const sent = await command.send({ params: { organizationId }, body: { approved } })
    if (sent.status !== 'done') return
    setBlocking(false)
    await changed()
  }
  return (
    <section class="card stack" aria-label={words.decision}>
      <p class="soft">{words.means[status]}</p>
      {isBlocking ? null : <ErrorText text={command.failure?.text} />}
      <div class="form-actions">
        {status === 'approved' ? null : (
          <button
            type="button"
            class="button primary"
            disabled={command.isBusy}
            onClick={() => void decide(true)}
          >
            {status === 'blocked' ? words.unblock : words.approve}
          </button>
        )}
        {status === 'blocked' ? null : (
          <button type="button" class="button" onClick={() => setBlocking(true)}>
            {words.block}
          </button>
        )}
      </div>
      {isBlocking ? (
        <ConfirmByName
          name={name}
          title={words.blockAsk(name)}
          about={words.blockAbout}
          action={words.block}
          isBusy={command.isBusy}
          error={command.failure?.text ?? null}
          onConfirm={() => void decide(false)}
          onClose={() => setBlocking(false)}
        />
      ) : null}
    </section>
  )
}

function PreviewCard({ organization }: { organization: Inspected }) {
  const words = adminTexts()
  const { memberships, reload } = useOffice()
  const { route } = useLocation()
  const command = useStaffCommand('enterPreview')
  const { organizationId } = organization
  const isInside = memberships.some((one) => one.organizationId === organizationId)
  const enter = async () => {
    if (!isInside) {
      const sent = await command.send({ body: { organizationId } })
      if (sent.status !== 'done') return
      await reload()
    }
    route(organizationPath(organizationId))
  }
  return (
    <section class="card stack" aria-labelledby="preview-title">
      <h2 id="preview-title">{words.preview}</h2>
      <p class="soft">{words.previewAbout}</p>
      <ErrorText text={command.failure?.text} />
      <div class="form-actions">
        <button type="button" class="button" disabled={command.isBusy} onClick={() => void enter()}>
          {isInside ? words.goIn : words.enter}
        </button>
      </div>
    </section>
  )
}
