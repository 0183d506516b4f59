import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Field } from '../../components/Field.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { emailError, pointedError, restOfFailure, typedError } from '../../people/field-errors.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { useQuery } from '../../people/use-query.ts'
import { peopleApi, sessionOf } from '../../session/sessions.ts'
import { Entrance } from './Entrance.tsx'
import { OidcButton } from './OidcButton.tsx'
import { homeOf, operationsOf } from './realm-operations.ts'

/** Shown at any address that needs somebody; who signs in goes on where he was. */
export function SignIn({ realm }: { realm: Realm }) {
  const words = peopleTexts()
  return (
    <Entrance
      realm={realm}
      headline={words[realm].headline}
      lead={words[realm].lead}
      title={words.signIn.title}
    >
      <SignInForm realm={realm} />
      <WaysIn realm={realm} />
    </Entrance>
  )
}

/** How one gets in here, as the server says. */
export function useSignInWays(realm: Realm) {
  const asked = useQuery(`sign-in ${realm}`, () => peopleApi(operationsOf[realm].getSignIn, {}))
  return asked.status === 'ready' ? asked.value : null
}

export function SignInForm({ realm, email: known = '' }: { realm: Realm; email?: string }) {
  const { fields, signIn: words } = peopleTexts()
  const command = useOpenCommand(operationsOf[realm].signIn)
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const { wasEnded, begin } = sessionOf[realm]

  const submit = async () => {
    setSubmitted(true)
    if (emailError(email) || typedError(password)) return
    const sent = await command.send({ body: { email: email.trim(), password, cookies: true } })
    if (sent.status === 'done') begin(sent.value, sent)
  }
  const { failure } = command
  return (
    <Form onSubmit={submit}>
      {wasEnded.value ? (
        <p class="note" role="status">
          {words.ended}
        </p>
      ) : null}
      <Field
        label={fields.email}
        type="email"
        name="email"
        value={email}
        onValue={setEmail}
        autocomplete="username"
        autofocus={known === ''}
        inputMode="email"
        error={(wasSubmitted && emailError(email)) || pointedError(failure, '/body/email')}
      />
      <PasswordField
        label={fields.password}
        name="password"
        value={password}
        onValue={setPassword}
        autocomplete="current-password"
        autofocus={known !== ''}
        error={(wasSubmitted && typedError(password)) || pointedError(failure, '/body/password')}
      />
      <FormFoot
        error={restOfFailure(failure, ['/body/email', '/body/password'])}
        action={words.submit}
        busyAction={words.submitting}
        isBusy={command.isBusy}
        isLarge
      />
    </Form>
  )
}

/** What else there is: another service, a forgotten password, a new account. */
function WaysIn({ realm }: { realm: Realm }) {
  const { signIn: words } = peopleTexts()
  const ways = useSignInWays(realm)
  const home = homeOf[realm]
  const isClosed = realm === 'staff' && ways?.registration === 'closed'
  return (
    <div class="ways-in">
      {ways?.oidc ? <OidcButton realm={realm} name={ways.oidc} /> : null}
      <p>
        <a href={`${home}/forgot`}>{words.forgot}</a>
      </p>
      {ways === null ? null : isClosed ? (
        <p class="hint">{ways.needsSetup ? words.needsSetup : words.byInvitation}</p>
      ) : (
        <p>
          {words.noAccount} <a href={`${home}/sign-up`}>{words.toSignUp}</a>
        </p>
      )}
    </div>
  )
}
