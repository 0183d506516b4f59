import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { ConfirmDialog } from '../../components/Dialog.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { ownCommandOf } from '../../people/commands.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { forgetSession } from './forget-session.ts'
import { homeOf, operationsOf } from './realm-operations.ts'

type Props = { realm: Realm; hasPassword: boolean }

/** Deleting says before what goes and what stays, and asks for the password. */
export function DeleteCard({ realm, hasPassword }: Props) {
  const { account, deletion } = peopleTexts()
  const [isAsking, setAsking] = useState(false)
  return (
    <section class="card stack danger-card" aria-labelledby="delete-title">
      <h2 id="delete-title">{account.delete}</h2>
      <p class="soft">{deletion[realm]}</p>
      <div class="form-actions">
        <button type="button" class="button" onClick={() => setAsking(true)}>
          {account.delete}
        </button>
      </div>
      {isAsking ? (
        <DeleteDialog realm={realm} hasPassword={hasPassword} onClose={() => setAsking(false)} />
      ) : null}
    </section>
  )
}

function DeleteDialog({ realm, hasPassword, onClose }: Props & { onClose: () => void }) {
  const { account, deletion, errors } = peopleTexts()
  const { route } = useLocation()
  const useOwnCommand = ownCommandOf[realm]
  const command = useOwnCommand(operationsOf[realm].deleteAccount)
  const [password, setPassword] = useState('')
  const isWrong = command.failure?.code === 'wrong-password'
  const remove = async () => {
    const sent = await command.send({ body: hasPassword ? { password } : {} })
    if (sent.status !== 'done') return
    await forgetSession(realm)
    route(homeOf[realm])
  }
  return (
    <ConfirmDialog
      title={account.deleteAsk}
      about={deletion[realm]}
      action={account.deleteNow}
      isBusy={command.isBusy || (hasPassword && password === '')}
      error={isWrong ? null : (command.failure?.text ?? null)}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {hasPassword ? (
        <PasswordField
          label={account.deletePassword}
          value={password}
          onValue={setPassword}
          autocomplete="current-password"
          error={isWrong ? errors['wrong-password'] : null}
        />
      ) : null}
    </ConfirmDialog>
  )
}
