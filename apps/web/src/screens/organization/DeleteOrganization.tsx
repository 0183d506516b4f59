import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { ConfirmByName } from '../office/ConfirmByName.tsx'
import { type Organization, useOffice } from '../office/office-context.ts'

/** Says before what goes, and asks for the name. */
export function DeleteOrganization({ organization }: { organization: Organization }) {
  const { settings } = officeTexts()
  const [isAsking, setAsking] = useState(false)
  return (
    <section class="card stack danger-card" aria-labelledby="delete-organization">
      <h2 id="delete-organization">{settings.delete}</h2>
      <p class="soft">{settings.deleteAbout}</p>
      <div class="form-actions">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {settings.delete}
        </button>
      </div>
      {isAsking ? <DeleteDialog organization={organization} onClose={() => setAsking(false)} /> : null}
    </section>
  )
}

type DialogProps = { organization: Organization; onClose: () => void }

function DeleteDialog({ organization, onClose }: DialogProps) {
  const { settings } = officeTexts()
  const { reload } = useOffice()
  const { route } = useLocation()
  const command = useStaffCommand('deleteOrganization')
  const { name, organizationId } = organization
  const remove = async (typed: string) => {
    const sent = await command.send({ params: { organizationId }, body: { name: typed } })
    if (sent.status !== 'done') return
    route('/office', true)
    await reload()
  }
  return (
    <ConfirmByName
      name={name}
      title={settings.deleteAsk(name)}
      about={settings.deleteAbout}
      action={settings.deleteNow}
      isBusy={command.isBusy}
      error={command.failure?.text ?? null}
      onConfirm={(typed) => void remove(typed)}
      onClose={onClose}
    />
  )
}
