import { useState } from 'preact/hooks'
import { adminTexts } from '../../i18n/admin.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { LineButton, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { Reachable } from '../../people/Reachable.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { useOffice } from '../office/office-context.ts'
import { AddAdministrator, EditAdministrator } from './AdministratorDialogs.tsx'
import { type Administrator, administratorName } from './administrator.ts'

type Opened = { what: 'add' } | { what: 'edit' | 'remove'; administrator: Administrator }

/** Who runs the platform. Superadministrators look after the others. */
export function AdministratorsPage() {
  const words = adminTexts()
  const { profile } = useOffice()
  const [opened, setOpened] = useState<Opened | null>(null)
  const pages = usePages('administrators', (query) => staff.call('listAdministrators', { query }))
  const isSuper = profile.platformRole === 'superadmin'
  const close = () => setOpened(null)
  return (
    <>
      <PartHead title={words.administrators} about={words.administratorsAbout}>
        {isSuper ? (
          <button type="button" class="button primary" onClick={() => setOpened({ what: 'add' })}>
            {words.add}
          </button>
        ) : null}
      </PartHead>
      <Paged pages={pages}>
        <ul class="lines" aria-label={words.administrators} data-testid="administrators">
          {pages.items.map((administrator) => (
            <AdministratorLine
              key={administrator.accountId}
              administrator={administrator}
              isOwn={administrator.accountId === profile.accountId}
              onOpen={
                isSuper && administrator.role === 'admin'
                  ? (what) => setOpened({ what, administrator })
                  : undefined
              }
            />
          ))}
        </ul>
      </Paged>
      {opened?.what === 'add' ? <AddAdministrator onSaved={pages.reload} onClose={close} /> : null}
      {opened?.what === 'edit' ? (
        <EditAdministrator administrator={opened.administrator} onSaved={pages.reload} onClose={close} />
      ) : null}
      {opened?.what === 'remove' ? (
        <ConfirmCommand
          command="removeAdministrator"
          input={{ params: { accountId: opened.administrator.accountId } }}
          title={words.removeAsk(administratorName(opened.administrator))}
          about={words.removeAbout}
          action={peopleTexts().common.remove}
          onDone={pages.reload}
          onClose={close}
        />
      ) : null}
    </>
  )
}

type LineProps = {
  administrator: Administrator
  isOwn: boolean
  onOpen: ((what: 'edit' | 'remove') => void) | undefined
}

function AdministratorLine({ administrator, isOwn, onOpen }: LineProps) {
  const words = adminTexts()
  const { roles, common } = peopleTexts()
  const { people } = officeTexts()
  const { email, phone, role } = administrator
  const name = administratorName(administrator)
  return (
    <li class="line" data-testid="administrator">
      <span class="line-text">
        <strong>
          {name}
          {isOwn ? <span class="pill">{people.you}</span> : null}
        </strong>
        <Reachable email={email} phone={phone} />
      </span>
      <span class="line-end">
        <span class="tag" data-kind="role">
          {roles[role]}
        </span>
        {onOpen ? (
          <>
            <LineButton action={common.edit} spoken={people.manage(name)} onPress={() => onOpen('edit')} />
            <LineButton
              action={common.remove}
              spoken={words.removeAsk(name)}
              onPress={() => onOpen('remove')}
            />
          </>
        ) : null}
      </span>
    </li>
  )
}
