import { normalizeName } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { adminTexts } from '../../i18n/admin.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { emailError, nameError, phoneError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { NameFields } from '../../people/NameFields.tsx'
import type { Administrator } from './administrator.ts'

type Props = { onSaved: () => Promise<void>; onClose: () => void }

const namePointers = ['/body/firstName', '/body/lastName']

export function AddAdministrator({ onSaved, onClose }: Props) {
  const words = adminTexts()
  const { fields } = peopleTexts()
  const command = useStaffCommand('addAdministrator')
  const [typed, setTyped] = useState({ email: '', firstName: '', lastName: '' })
  const [wasSubmitted, setSubmitted] = useState(false)
  const own = {
    email: emailError(typed.email),
    firstName: nameError(typed.firstName, 'person'),
    lastName: nameError(typed.lastName, 'person'),
  }
  const error = (name: keyof typeof own) =>
    (wasSubmitted && own[name]) || pointedError(command.failure, `/body/${name}`)
  const add = async () => {
    setSubmitted(true)
    if (own.email || own.firstName || own.lastName) return
    const sent = await command.send({
      body: {
        email: typed.email.trim(),
        firstName: normalizeName(typed.firstName),
        lastName: normalizeName(typed.lastName),
      },
    })
    if (sent.status !== 'done') return
    onClose()
    await onSaved()
  }
  return (
    <Dialog title={words.add} onClose={onClose}>
      <Form onSubmit={add}>
        <p class="soft">{words.addAbout}</p>
        <Field
          label={fields.email}
          type="email"
          inputMode="email"
          value={typed.email}
          onValue={(email) => setTyped({ ...typed, email })}
          autocomplete="off"
          autofocus
          error={error('email')}
        />
        <NameFields typed={typed} error={error} onChange={(part) => setTyped({ ...typed, ...part })} />
        <FormFoot
          error={restOfFailure(command.failure, ['/body/email', ...namePointers])}
          action={words.add}
          isBusy={command.isBusy}
        />
      </Form>
    </Dialog>
  )
}

export function EditAdministrator({
  administrator,
  onSaved,
  onClose,
}: Props & { administrator: Administrator }) {
  const { fields, common } = peopleTexts()
  const command = useStaffCommand('changeAdministrator')
  const { accountId, email } = administrator
  const [typed, setTyped] = useState({
    firstName: administrator.firstName,
    lastName: administrator.lastName,
    phone: administrator.phone ?? '',
  })
  const own = {
    firstName: nameError(typed.firstName, 'person'),
    lastName: nameError(typed.lastName, 'person'),
    phone: phoneError(typed.phone),
  }
  const error = (name: keyof typeof own) => own[name] || pointedError(command.failure, `/body/${name}`)
  const save = async () => {
    if (own.firstName || own.lastName || own.phone) return
    const phone = typed.phone.trim()
    const body = {
      firstName: normalizeName(typed.firstName),
      lastName: normalizeName(typed.lastName),
      phone: phone === '' ? null : phone,
    }
    const sent = await command.send({ params: { accountId }, body })
    if (sent.status !== 'done') return
    onClose()
    await onSaved()
  }
  return (
    <Dialog title={email} onClose={onClose}>
      <Form onSubmit={save}>
        <NameFields
          typed={typed}
          error={error}
          onChange={(part) => setTyped({ ...typed, ...part })}
          autofocus
        />
        <Field
          label={`${fields.phone} (${common.optional})`}
          type="tel"
          inputMode="tel"
          value={typed.phone}
          onValue={(phone) => setTyped({ ...typed, phone })}
          autocomplete="off"
          error={error('phone')}
        />
        <FormFoot
          error={restOfFailure(command.failure, ['/body/phone', ...namePointers])}
          action={common.save}
          isBusy={command.isBusy}
        />
      </Form>
    </Dialog>
  )
}
