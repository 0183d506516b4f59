import { passwordLengthMin } from '@matchday/contracts/credentials'
import { normalizeName } from '@matchday/contracts/names'
import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import type { Failure } from '../../api/use-command.ts'
import { Field } from '../../components/Field.tsx'
import { language } from '../../i18n/language.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import {
  emailError,
  nameError,
  passwordError,
  pointedError,
  restOfFailure,
} from '../../people/field-errors.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { sessionOf } from '../../session/sessions.ts'
import { CheckMail } from './CheckMail.tsx'
import { operationsOf } from './realm-operations.ts'
import { SignInForm } from './SignIn.tsx'

type Props = {
  realm: Realm
  /** What lets somebody in where registration is closed, and spares the mail. */
  invitation?: string
  setup?: string
}

type Typed = { email: string; password: string; firstName: string; lastName: string }
type Step = 'form' | 'check-mail' | 'sign-in'

const pointers = ['/body/email', '/body/password', '/body/firstName', '/body/lastName']

/** A new account. Who needs no mail is in at once. */
export function SignUpForm({ realm, invitation, setup }: Props) {
  const { signUp: words } = peopleTexts()
  const command = useOpenCommand(operationsOf[realm].signUp)
  const entering = useOpenCommand(operationsOf[realm].signIn)
  const [typed, setTyped] = useState<Typed>({ email: '', password: '', firstName: '', lastName: '' })
  const [step, setStep] = useState<Step>('form')
  const [wasSubmitted, setSubmitted] = useState(false)
  const errors = errorsOf(typed, realm, wasSubmitted, command.failure)

  const submit = async () => {
    setSubmitted(true)
    if (Object.values(errorsOf(typed, realm, true, null)).some((error) => error !== null)) return
    const email = typed.email.trim()
    const sent = await command.send({
      body: {
        email,
        password: typed.password,
        firstName: normalizeName(typed.firstName),
        lastName: normalizeName(typed.lastName),
        language: language.value,
        ...(invitation === undefined ? {} : { invitation }),
        ...(setup === undefined ? {} : { setup }),
      },
    })
    if (sent.status !== 'done') return
    if (sent.value.next === 'check-mail') return setStep('check-mail')
    const entered = await entering.send({ body: { email, password: typed.password, cookies: true } })
    if (entered.status === 'done') sessionOf[realm].begin(entered.value, entered)
    else setStep('sign-in')
  }

  if (step === 'check-mail') {
    return <CheckMail realm={realm} email={typed.email.trim()} onOther={() => setStep('form')} />
  }
  if (step === 'sign-in') return <SignInForm realm={realm} email={typed.email.trim()} />
  return (
    <Form onSubmit={submit}>
      <TypedFields
        realm={realm}
        typed={typed}
        errors={errors}
        onChange={(part) => setTyped({ ...typed, ...part })}
      />
      <FormFoot
        error={restOfFailure(command.failure, pointers)}
        action={words.submit}
        busyAction={words.submitting}
        isBusy={command.isBusy || entering.isBusy}
        isLarge
      />
    </Form>
  )
}

type Errors = Record<keyof Typed, string | null>

function errorsOf(typed: Typed, realm: Realm, isChecked: boolean, failure: Failure | null): Errors {
  const own: Errors = {
    email: emailError(typed.email),
    password: passwordError(typed.password, realm),
    firstName: nameError(typed.firstName, 'person'),
    lastName: nameError(typed.lastName, 'person'),
  }
  const told = (field: keyof Typed) => (isChecked && own[field]) || pointedError(failure, `/body/${field}`)
  return {
    email: told('email'),
    password: told('password'),
    firstName: told('firstName'),
    lastName: told('lastName'),
  }
}

type FieldsProps = { realm: Realm; typed: Typed; errors: Errors; onChange: (part: Partial<Typed>) => void }

function TypedFields({ realm, typed, errors, onChange }: FieldsProps) {
  const { fields } = peopleTexts()
  return (
    <>
      <div class="pair">
        <Field
          label={fields.firstName}
          name="firstName"
          value={typed.firstName}
          onValue={(firstName) => onChange({ firstName })}
          autocomplete="given-name"
          autofocus
          error={errors.firstName}
        />
        <Field
          label={fields.lastName}
          name="lastName"
          value={typed.lastName}
          onValue={(lastName) => onChange({ lastName })}
          autocomplete="family-name"
          error={errors.lastName}
        />
      </div>
      <Field
        label={fields.email}
        name="email"
        type="email"
        inputMode="email"
        value={typed.email}
        onValue={(email) => onChange({ email })}
        autocomplete="username"
        error={errors.email}
      />
      <PasswordField
        label={fields.password}
        name="password"
        value={typed.password}
        onValue={(password) => onChange({ password })}
        autocomplete="new-password"
        hint={fields.passwordHint(passwordLengthMin[realm])}
        error={errors.password}
      />
    </>
  )
}
