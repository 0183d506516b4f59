import type { Realm } from '@matchday/contracts/roles'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Notice } from '../../components/Notice.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { typedError } from '../../people/field-errors.ts'
import { useFragmentToken } from '../../people/fragment.ts'
import { PasswordField } from '../../people/PasswordField.tsx'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { sessionOf } from '../../session/sessions.ts'
import { Entrance } from './Entrance.tsx'
import { homeOf, operationsOf } from './realm-operations.ts'

/** Where the link of the first mail leads: the address is confirmed by who knows the password, and nobody else. */
export function Confirm({ realm }: { realm: Realm }) {
  const words = peopleTexts()
  const token = useFragmentToken()
  const [isGone, setGone] = useState(token === null)
  if (isGone || token === null) return <LinkGone realm={realm} about={words.confirm.goneAbout} />
  return (
    <Entrance
      realm={realm}
      headline={words[realm].headline}
      lead={words[realm].lead}
      title={words.confirm.title}
    >
      <p class="soft">{words.confirm.about}</p>
      <ConfirmForm realm={realm} token={token} onGone={() => setGone(true)} />
    </Entrance>
  )
}

function ConfirmForm({ realm, token, onGone }: { realm: Realm; token: string; onGone: () => void }) {
  const { fields, confirm, signIn } = peopleTexts()
  const { route } = useLocation()
  const command = useOpenCommand(operationsOf[realm].confirmEmail)
  const [password, setPassword] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const submit = async () => {
    setSubmitted(true)
    if (typedError(password)) return
    const sent = await command.send({ body: { token, password, cookies: true } })
    if (sent.status === 'rejected' && sent.code === 'link-expired') onGone()
    if (sent.status !== 'done') return
    sessionOf[realm].begin(sent.value, sent)
    route(homeOf[realm], true)
  }
  return (
    <Form onSubmit={submit}>
      <PasswordField
        label={fields.password}
        value={password}
        onValue={setPassword}
        autocomplete="current-password"
        autofocus
        error={
          (wasSubmitted && typedError(password)) ||
          (command.failure?.code === 'wrong-credentials' ? peopleTexts().errors['wrong-password'] : null)
        }
      />
      <FormFoot
        error={command.failure?.code === 'wrong-credentials' ? null : command.failure?.text}
        action={confirm.submit}
        busyAction={signIn.submitting}
        isBusy={command.isBusy}
        isLarge
      />
    </Form>
  )
}

type GoneProps = { realm: Realm; about: string; again?: { href: string; text: string } }

/** A link that leads nowhere any more, with the ways on. */
export function LinkGone({ realm, about, again }: GoneProps) {
  const { confirm } = peopleTexts()
  // The focus of whoever pressed a button that is gone now.
  useEffect(() => document.querySelector('h1')?.focus(), [])
  return (
    <PeoplePage realm={realm}>
      <Notice icon="lost" title={confirm.gone} about={about}>
        {again ? (
          <a class="button primary" href={again.href}>
            {again.text}
          </a>
        ) : null}
        <a class={again ? 'button' : 'button primary'} href={homeOf[realm]}>
          {confirm.toSignIn}
        </a>
      </Notice>
    </PeoplePage>
  )
}
