import { passwordLengthMin } from '@matchday/contracts/credentials'
import type { Realm } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Notice } from '../../components/Notice.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { passwordError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { useFragmentToken } from '../../people/fragment.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { sessionOf } from '../../session/sessions.ts'
import { LinkGone } from './Confirm.tsx'
import { Entrance } from './Entrance.tsx'
import { homeOf, operationsOf } from './realm-operations.ts'

type Step = 'form' | 'gone' | 'done'

/** Where the link of *Forgot your password?* leads. */
export function Reset({ realm }: { realm: Realm }) {
  const words = peopleTexts()
  const token = useFragmentToken()
  const [step, setStep] = useState<Step>('form')
  const home = homeOf[realm]
  if (token === null || step === 'gone') {
    const again = { href: `${home}/forgot`, text: words.forgot.again }
    return <LinkGone realm={realm} about={words.forgot.goneAbout} again={again} />
  }
  if (step === 'done') {
    return (
      <PeoplePage realm={realm}>
        <Notice icon="check" title={words.forgot.reset} about={words.forgot.resetDone}>
          <a class="button primary" href={home}>
            {words.confirm.toSignIn}
          </a>
        </Notice>
      </PeoplePage>
    )
  }
  return (
    <Entrance
      realm={realm}
      headline={words[realm].headline}
      lead={words[realm].lead}
      title={words.forgot.resetTitle}
    >
      <p class="soft">{words.forgot.resetAbout}</p>
      <ResetForm realm={realm} token={token} onStep={setStep} />
    </Entrance>
  )
}

type FormProps = { realm: Realm; token: string; onStep: (step: Step) => void }

function ResetForm({ realm, token, onStep }: FormProps) {
  const { fields, forgot } = peopleTexts()
  const command = useOpenCommand(operationsOf[realm].resetPassword)
  const [password, setPassword] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const submit = async () => {
    setSubmitted(true)
    if (passwordError(password, realm)) return
    const sent = await command.send({ body: { token, newPassword: password } })
    if (sent.status === 'rejected' && sent.code === 'link-expired') onStep('gone')
    if (sent.status !== 'done') return
    // Every session is over, the one of this browser too.
    sessionOf[realm].end()
    onStep('done')
  }
  return (
    <Form onSubmit={submit}>
      <PasswordField
        label={fields.newPassword}
        value={password}
        onValue={setPassword}
        autocomplete="new-password"
        autofocus
        hint={fields.passwordHint(passwordLengthMin[realm])}
        error={
          (wasSubmitted && passwordError(password, realm)) ||
          pointedError(command.failure, '/body/newPassword')
        }
      />
      <FormFoot
        error={restOfFailure(command.failure, ['/body/newPassword'])}
        action={forgot.resetSubmit}
        isBusy={command.isBusy}
        isLarge
      />
    </Form>
  )
}
