import { normalizeName } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { Field } from '../../components/Field.tsx'
import { type Language, languageNames, languages } from '../../i18n/language.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, SaveFoot } from '../../people/Form.tsx'
import { nameError, phoneError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { SelectField } from '../../people/fields.tsx'
import { NameFields } from '../../people/NameFields.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { PlainHttpNotice } from '../../people/PlainHttpNotice.tsx'
import { DeleteCard } from '../account/DeleteCard.tsx'
import { PasswordCard } from '../account/PasswordCard.tsx'
import { SessionsCard } from '../account/SessionsCard.tsx'
import { SignOutButton } from '../account/SignOutButton.tsx'
import { useOffice } from './office-context.ts'

/** One's own account, of somebody who organises. */
export function AccountPage() {
  const { account } = peopleTexts()
  const { profile } = useOffice()
  return (
    <main id="content" class="desk">
      <PartHead title={account.title} about={account.emailIs(profile.email)}>
        <SignOutButton realm="staff" />
      </PartHead>
      <PlainHttpNotice />
      <div class="cards">
        <div class="column">
          <ProfileCard />
          <SessionsCard realm="staff" />
        </div>
        <div class="column">
          <PasswordCard realm="staff" email={profile.email} hasPassword={profile.hasPassword} />
          <DeleteCard realm="staff" hasPassword={profile.hasPassword} />
        </div>
      </div>
    </main>
  )
}

type Typed = { firstName: string; lastName: string; phone: string; language: Language }

function ProfileCard() {
  const { account, common, fields } = peopleTexts()
  const { profile, reload } = useOffice()
  const command = useStaffCommand('changeStaffProfile')
  const [typed, setTyped] = useState<Typed>({ ...profile, phone: profile.phone ?? '' })
  const [isSaved, setSaved] = useState(false)
  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part })
    setSaved(false)
  }
  const own = {
    firstName: nameError(typed.firstName, 'person'),
    lastName: nameError(typed.lastName, 'person'),
    phone: phoneError(typed.phone),
  }
  const error = (name: keyof typeof own) => own[name] || pointedError(command.failure, `/body/${name}`)
  const save = async () => {
    if (own.firstName || own.lastName || own.phone) return
    const phone = typed.phone.trim()
    const sent = await command.send({
      body: {
        firstName: normalizeName(typed.firstName),
        lastName: normalizeName(typed.lastName),
        phone: phone === '' ? null : phone,
        language: typed.language,
      },
    })
    if (sent.status !== 'done') return
    setSaved(true)
    await reload()
  }
  return (
    <section class="card stack" aria-labelledby="profile-title">
      <h2 id="profile-title">{account.profile}</h2>
      <Form onSubmit={save}>
        <NameFields typed={typed} error={error} onChange={change} isOwn />
        <Field
          label={`${fields.phone} (${common.optional})`}
          type="tel"
          inputMode="tel"
          value={typed.phone}
          onValue={(phone) => change({ phone })}
          autocomplete="tel"
          error={error('phone')}
        />
        <SelectField
          label={fields.language}
          value={typed.language}
          onValue={(language) => change({ language })}
          options={languages.map((language) => [language, languageNames[language]] as const)}
        />
        <SaveFoot
          error={restOfFailure(command.failure, ['/body/firstName', '/body/lastName', '/body/phone'])}
          isBusy={command.isBusy}
          isSaved={isSaved}
        />
      </Form>
    </section>
  )
}
