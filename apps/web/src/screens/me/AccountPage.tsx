import type { Operations, OutputOf } from '@matchday/contracts'
import { initialOf, normalizeName } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { type Language, languageNames, languages } from '../../i18n/language.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { seatsTexts } from '../../i18n/seats.ts'
import { usePlayerCommand } from '../../people/commands.ts'
import { Form, SaveFoot } from '../../people/Form.tsx'
import { nameError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { Choice, SelectField } from '../../people/fields.tsx'
import { WaitingPage } from '../../people/Lists.tsx'
import { NameFields } from '../../people/NameFields.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { PlainHttpNotice } from '../../people/PlainHttpNotice.tsx'
import { useQuery } from '../../people/use-query.ts'
import { players } from '../../session/sessions.ts'
import { DeleteCard } from '../account/DeleteCard.tsx'
import { PasswordCard } from '../account/PasswordCard.tsx'
import { SessionsCard } from '../account/SessionsCard.tsx'
import { SignOutButton } from '../account/SignOutButton.tsx'
import { ExportCard } from './ExportCard.tsx'

type Profile = OutputOf<Operations['getPlayerProfile']>

/** A player's account, and how others see him. */
export function AccountPage() {
  const asked = useQuery('profile', () => players.call('getPlayerProfile', {}))
  if (asked.status !== 'ready') return <WaitingPage pages={asked} />
  return <Shown profile={asked.value} reload={asked.reload} />
}

type Props = { profile: Profile; reload: () => Promise<void> }

function Shown({ profile, reload }: Props) {
  const { account } = peopleTexts()
  const words = seatsTexts()
  const { email, hasPassword } = profile
  return (
    <main id="content" class="desk">
      <PartHead title={words.account} about={account.emailIs(email)}>
        <SignOutButton realm="players" />
      </PartHead>
      <PlainHttpNotice />
      <div class="cards">
        <div class="column">
          <ProfileCard profile={profile} reload={reload} />
          <SessionsCard realm="players" />
        </div>
        <div class="column">
          <PasswordCard realm="players" email={email} hasPassword={hasPassword} />
          <ExportCard />
          <DeleteCard realm="players" hasPassword={hasPassword} />
        </div>
      </div>
    </main>
  )
}

type Typed = { firstName: string; lastName: string; language: Language; showsFullName: boolean }

function ProfileCard({ profile, reload }: Props) {
  const { account, fields } = peopleTexts()
  const command = usePlayerCommand('changePlayerProfile')
  const { firstName, lastName, language, showsFullName } = profile
  const [typed, setTyped] = useState<Typed>({ firstName, lastName, language, showsFullName })
  const [isSaved, setSaved] = useState(false)
  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part })
    setSaved(false)
  }
  const own = {
    firstName: nameError(typed.firstName, 'person'),
    lastName: nameError(typed.lastName, 'person'),
  }
  const error = (name: keyof typeof own) => own[name] || pointedError(command.failure, `/body/${name}`)
  const save = async () => {
    if (own.firstName || own.lastName) return
    const body = {
      ...typed,
      firstName: normalizeName(typed.firstName),
      lastName: normalizeName(typed.lastName),
    }
    const sent = await command.send({ body })
    if (sent.status !== 'done') return
    setSaved(true)
    await reload()
  }
  return (
    <section class="card stack" aria-labelledby="profile-title">
      <h2 id="profile-title">{account.profile}</h2>
      <Form onSubmit={save}>
        <NameFields typed={typed} error={error} onChange={change} isOwn />
        <SelectField
          label={fields.language}
          value={typed.language}
          onValue={(next) => change({ language: next })}
          options={languages.map((one) => [one, languageNames[one]] as const)}
        />
        <SeenAs typed={typed} onChange={(isWhole) => change({ showsFullName: isWhole })} />
        <SaveFoot
          error={restOfFailure(command.failure, ['/body/firstName', '/body/lastName'])}
          isBusy={command.isBusy}
          isSaved={isSaved}
        />
      </Form>
    </section>
  )
}

/** The choice, with the person’s own name as the example. */
function SeenAs({ typed, onChange }: { typed: Typed; onChange: (isWhole: boolean) => void }) {
  const words = seatsTexts()
  const { firstName, lastName, showsFullName } = typed
  const shown = [
    [false, words.asInitial, `${firstName} ${initialOf(lastName)}`],
    [true, words.asWhole, `${firstName} ${lastName}`],
  ] as const
  return (
    <fieldset class="choice-lines">
      <legend>{words.privacy}</legend>
      <p class="hint">{words.privacyAbout}</p>
      {shown.map(([isWhole, name, example]) => (
        <Choice
          key={name}
          type="radio"
          group="seen-as"
          name={name}
          about={words.seenAs(example)}
          isChosen={showsFullName === isWhole}
          onChange={() => onChange(isWhole)}
        />
      ))}
    </fieldset>
  )
}
