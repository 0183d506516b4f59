import type { Operations, OutputOf } from '@matchday/contracts'
import { type Realm, realms } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { adminTexts } from '../../i18n/admin.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { emailError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { Choice } from '../../people/fields.tsx'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { type Pages, usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { type Administrator, nameAmong, useAdministrators } from './administrator.ts'

type SignOut = OutputOf<Operations['listStaffSignOuts' | 'listPlayerSignOuts']>['items'][number]

/** Signs people out who can’t do it themselves, and shows to whom that was done. */
export function AccountsPage() {
  const words = adminTexts()
  const [isOpen, setOpen] = useState(false)
  const administrators = useAdministrators()
  const signOuts: Readonly<Record<Realm, Pages<SignOut>>> = {
    staff: usePages<SignOut>('staff', (query) => staff.call('listStaffSignOuts', { query })),
    players: usePages<SignOut>('players', (query) => staff.call('listPlayerSignOuts', { query })),
  }
  return (
    <>
      <PartHead title={words.accounts} about={words.accountsAbout}>
        <button type="button" class="button primary" onClick={() => setOpen(true)}>
          {words.signOut}
        </button>
      </PartHead>
      {realms.map((realm) => (
        <SignOuts key={realm} realm={realm} pages={signOuts[realm]} administrators={administrators.items} />
      ))}
      {isOpen ? (
        <SignOutDialog onDone={(realm) => signOuts[realm].reload()} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}

type ListProps = { realm: Realm; pages: Pages<SignOut>; administrators: readonly Administrator[] }

function SignOuts({ realm, pages, administrators }: ListProps) {
  const words = adminTexts()
  const id = `signed-out-${realm}`
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>{words.realms[realm]}</h2>
      <Paged pages={pages} none={<Empty title={words.noSignOut} />}>
        <ol class="lines changes" aria-label={words.realms[realm]} data-testid={id}>
          {pages.items.map((signOut) => (
            <li key={signOut.id} class="line change">
              <div class="change-words">
                <strong>{nameAmong(administrators, signOut.by)}</strong> {words.signedOut(signOut.email)}
              </div>
              <time class="soft" dateTime={signOut.at}>
                {dateTime(signOut.at)}
              </time>
            </li>
          ))}
        </ol>
      </Paged>
    </section>
  )
}

type DialogProps = { onDone: (realm: Realm) => Promise<void>; onClose: () => void }

function SignOutDialog({ onDone, onClose }: DialogProps) {
  const words = adminTexts()
  const { fields } = peopleTexts()
  const commands = {
    staff: useStaffCommand('signOutStaffAccount'),
    players: useStaffCommand('signOutPlayerAccount'),
  }
  const [realm, setRealm] = useState<Realm>('staff')
  const [email, setEmail] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const command = commands[realm]
  const isUnknown = command.failure?.code === 'not-found'
  const signOut = async () => {
    setSubmitted(true)
    if (emailError(email)) return
    const sent = await command.send({ body: { email: email.trim() } })
    if (sent.status !== 'done') return
    onClose()
    await onDone(realm)
  }
  return (
    <Dialog title={words.signOut} onClose={onClose}>
      <Form onSubmit={signOut}>
        <p class="soft">{words.signOutAbout}</p>
        <fieldset class="choice-lines">
          <legend>{words.whose}</legend>
          {realms.map((each) => (
            <Choice
              key={each}
              type="radio"
              group="realm"
              name={words.realms[each]}
              isChosen={each === realm}
              onChange={() => {
                command.clear()
                setRealm(each)
              }}
            />
          ))}
        </fieldset>
        <Field
          label={fields.email}
          type="email"
          inputMode="email"
          value={email}
          onValue={(typed) => {
            setEmail(typed)
            command.clear()
          }}
          autocomplete="off"
          autofocus
          error={
            (wasSubmitted && emailError(email)) ||
            (isUnknown ? words.noAccount[realm] : pointedError(command.failure, '/body/email'))
          }
        />
        <FormFoot
          error={isUnknown ? null : restOfFailure(command.failure, ['/body/email'])}
          action={words.signOutNow}
          isBusy={realms.some((each) => commands[each].isBusy)}
        />
      </Form>
    </Dialog>
  )
}
