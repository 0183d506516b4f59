import { passwordLengthMin } from '@matchday/contracts/credentials'
import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { peopleTexts } from '../../i18n/people.ts'
import { ownCommandOf } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { passwordError, pointedError, restOfFailure, typedError } from '../../people/field-errors.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { sessionOf } from '../../session/sessions.ts'
import { homeOf, operationsOf } from './realm-operations.ts'

type Props = { realm: Realm; email: string; hasPassword: boolean }

export function PasswordCard({ realm, email, hasPassword }: Props) {
  const { account } = peopleTexts()
  return (
    <section class="card stack" aria-labelledby="password-title">
      <h2 id="password-title">{account.password}</h2>
      {hasPassword ? (
        <>
          <p class="soft">{account.passwordAbout}</p>
          <ChangeForm realm={realm} email={email} />
        </>
      ) : (
        <>
          <p class="soft">{account.noPassword}</p>
          <a class="button" href={`${homeOf[realm]}/forgot`}>
            {account.setByMail}
          </a>
        </>
      )}
    </section>
  )
}

function ChangeForm({ realm, email }: { realm: Realm; email: string }) {
  const { fields, account } = peopleTexts()
  const useOwnCommand = ownCommandOf[realm]
  const command = useOwnCommand(operationsOf[realm].changePassword)
  const [oldPassword, setOld] = useState('')
  const [newPassword, setNew] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const [isDone, setDone] = useState(false)
  const isWrong = command.failure?.code === 'wrong-password'

  const submit = async () => {
    setSubmitted(true)
    setDone(false)
    if (typedError(oldPassword) || passwordError(newPassword, realm)) return
    const sent = await command.send({ body: { oldPassword, newPassword, cookies: true } })
    if (sent.status !== 'done') return
    sessionOf[realm].begin(sent.value, sent)
    setOld('')
    setNew('')
    setSubmitted(false)
    setDone(true)
  }
  return (
    <Form onSubmit={submit}>
      {/* For password managers: whose password it is. */}
      <input
        class="visually-hidden"
        type="text"
        autocomplete="username"
        value={email}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <PasswordField
        label={fields.oldPassword}
        value={oldPassword}
        onValue={setOld}
        autocomplete="current-password"
        error={
          (wasSubmitted && typedError(oldPassword)) ||
          (isWrong ? peopleTexts().errors['wrong-password'] : null)
        }
      />
      <PasswordField
        label={fields.newPassword}
        value={newPassword}
        onValue={setNew}
        autocomplete="new-password"
        hint={fields.passwordHint(passwordLengthMin[realm])}
        error={
          (wasSubmitted && passwordError(newPassword, realm)) ||
          pointedError(command.failure, '/body/newPassword')
        }
      />
      <FormFoot
        error={isWrong ? null : restOfFailure(command.failure, ['/body/newPassword'])}
        action={account.change}
        isBusy={command.isBusy}
      >
        {isDone ? (
          <p class="good-news" role="status">
            {account.changed}
          </p>
        ) : null}
      </FormFoot>
    </Form>
  )
}
