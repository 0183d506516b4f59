import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Field } from '../../components/Field.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { emailError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { CheckMail } from './CheckMail.tsx'
import { Entrance } from './Entrance.tsx'
import { homeOf, operationsOf } from './realm-operations.ts'

/** Asks for a link by which the password can be set anew. The answer is the same for every address. */
export function Forgot({ realm }: { realm: Realm }) {
  const words = peopleTexts()
  const [sentTo, setSentTo] = useState<string | null>(null)
  return (
    <Entrance
      realm={realm}
      headline={words[realm].headline}
      lead={words[realm].lead}
      title={words.forgot.title}
    >
      {sentTo === null ? (
        <ForgotForm realm={realm} onSent={setSentTo} />
      ) : (
        <CheckMail
          realm={realm}
          email={sentTo}
          about={words.forgot.sentAbout(sentTo)}
          onOther={() => setSentTo(null)}
        />
      )}
      <p class="ways-in">
        <a href={homeOf[realm]}>{words.confirm.toSignIn}</a>
      </p>
    </Entrance>
  )
}

function ForgotForm({ realm, onSent }: { realm: Realm; onSent: (email: string) => void }) {
  const { fields, forgot } = peopleTexts()
  const command = useOpenCommand(operationsOf[realm].requestReset)
  const [email, setEmail] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const submit = async () => {
    setSubmitted(true)
    if (emailError(email)) return
    const sent = await command.send({ body: { email: email.trim() } })
    if (sent.status === 'done') onSent(email.trim())
  }
  return (
    <Form onSubmit={submit}>
      <p class="soft">{forgot.about}</p>
      <Field
        label={fields.email}
        type="email"
        inputMode="email"
        name="email"
        value={email}
        onValue={setEmail}
        autocomplete="username"
        autofocus
        error={(wasSubmitted && emailError(email)) || pointedError(command.failure, '/body/email')}
      />
      <FormFoot
        error={restOfFailure(command.failure, ['/body/email'])}
        action={forgot.submit}
        isBusy={command.isBusy}
        isLarge
      />
    </Form>
  )
}
