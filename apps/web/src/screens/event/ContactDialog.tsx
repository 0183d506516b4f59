import type { OrganizationId, TournamentId } from '@matchday/contracts'
import { normalizeName, normalizeText } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import type { Failure } from '../../api/use-command.ts'
import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import {
  emailError,
  nameError,
  phoneError,
  pointedError,
  restOfFailure,
  textError,
} from '../../people/field-errors.ts'
import { TextField } from '../../people/fields.tsx'
import { NameFields } from '../../people/NameFields.tsx'
import type { Contact } from './contact.ts'

type Props = {
  organizationId: OrganizationId
  tournamentId: TournamentId
  /** The one that is changed, or nothing for a new one. */
  contact: Contact | null
  onSaved: () => Promise<void>
  onClose: () => void
}
type Typed = { firstName: string; lastName: string; email: string; phone: string; notes: string }

/** As in the contract (recordLimits). */
const notesLengthMax = 2_000
const names = ['firstName', 'lastName', 'email', 'phone', 'notes'] as const

export function ContactDialog({ organizationId, tournamentId, contact, onSaved, onClose }: Props) {
  const { contacts } = officeTexts()
  const { common } = peopleTexts()
  const creating = useStaffCommand('createContact')
  const changing = useStaffCommand('changeContact')
  const [typed, setTyped] = useState<Typed>({
    firstName: contact?.firstName ?? '',
    lastName: contact?.lastName ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    notes: contact?.notes ?? '',
  })
  const [wasSubmitted, setSubmitted] = useState(false)
  const failure = creating.failure ?? changing.failure
  const save = async () => {
    setSubmitted(true)
    if (names.some((name) => ownError(typed, name) !== null)) return
    const { email, phone, ...rest } = cleaned(typed)
    const sent = contact
      ? await changing.send({
          params: { organizationId, contactId: contact.contactId },
          body: { ...rest, email: email === '' ? null : email, phone: phone === '' ? null : phone },
        })
      : await creating.send({
          params: { organizationId },
          body: {
            tournamentId,
            ...rest,
            ...(email === '' ? {} : { email }),
            ...(phone === '' ? {} : { phone }),
          },
        })
    if (sent.status !== 'done') return
    onClose()
    await onSaved()
  }
  return (
    <Dialog title={contact ? contacts.edit : contacts.add} onClose={onClose}>
      <Form onSubmit={save}>
        <ContactFields
          typed={typed}
          error={(name) => (wasSubmitted && ownError(typed, name)) || told(failure, name)}
          onChange={(part) => setTyped({ ...typed, ...part })}
        />
        <FormFoot
          error={restOfFailure(
            failure,
            names.map((name) => `/body/${name}`),
          )}
          action={common.save}
          isBusy={creating.isBusy || changing.isBusy}
        />
      </Form>
    </Dialog>
  )
}

function cleaned(typed: Typed): Typed {
  return {
    firstName: normalizeName(typed.firstName),
    lastName: normalizeName(typed.lastName),
    email: typed.email.trim(),
    phone: typed.phone.trim(),
    notes: normalizeText(typed.notes),
  }
}

function ownError(typed: Typed, name: keyof Typed): string | null {
  switch (name) {
    case 'firstName':
    case 'lastName':
      return nameError(typed[name], 'person')
    case 'email':
      return typed.email.trim() === '' ? null : emailError(typed.email)
    case 'phone':
      return phoneError(typed.phone)
    case 'notes':
      return textError(typed.notes, notesLengthMax)
    default:
      return name satisfies never
  }
}

const told = (failure: Failure | null, name: keyof Typed) => pointedError(failure, `/body/${name}`)

type FieldsProps = {
  typed: Typed
  error: (name: keyof Typed) => string | null
  onChange: (part: Partial<Typed>) => void
}

/** No autocomplete: it is somebody else that is written down here. */
function ContactFields({ typed, error, onChange }: FieldsProps) {
  const { contacts } = officeTexts()
  const { fields } = peopleTexts()
  return (
    <>
      <NameFields typed={typed} error={error} onChange={onChange} autofocus />
      <Field
        label={fields.phone}
        type="tel"
        inputMode="tel"
        value={typed.phone}
        onValue={(phone) => onChange({ phone })}
        autocomplete="off"
        error={error('phone')}
      />
      <Field
        label={fields.email}
        type="email"
        inputMode="email"
        value={typed.email}
        onValue={(email) => onChange({ email })}
        autocomplete="off"
        error={error('email')}
      />
      <TextField
        label={contacts.notes}
        value={typed.notes}
        onValue={(notes) => onChange({ notes })}
        lengthMax={notesLengthMax}
        rows={3}
        error={error('notes')}
      />
    </>
  )
}
