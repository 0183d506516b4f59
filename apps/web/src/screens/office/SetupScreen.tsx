import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useFragmentToken } from '../../people/fragment.ts'
import { staff } from '../../session/sessions.ts'
import { LinkGone } from '../account/Confirm.tsx'
import { Entrance } from '../account/Entrance.tsx'
import { useSignInWays } from '../account/SignIn.tsx'
import { SignUpForm } from '../account/SignUpForm.tsx'
import { OfficeGate } from './OfficeGate.tsx'
import { RegisterPage } from './Register.tsx'
import './office.css'

/** Where the link leads that the server prints at its first start: an account, then an organisation, then to work. */
export function SetupScreen() {
  const token = useFragmentToken()
  const { setup } = officeTexts()
  const isIn = staff.facts.value.value !== null
  const ways = useSignInWays('staff')
  // Whoever is signed in already has been here, or needs no link: the second step is for him, too.
  const [wasIn] = useState(isIn)
  if (!isIn) {
    const isUsed = ways !== null && !ways.needsSetup
    return token === null || isUsed ? (
      <LinkGone realm="staff" about={setup.goneAbout} />
    ) : (
      <First token={token} />
    )
  }
  return (
    <OfficeGate>
      <RegisterPage steps={wasIn ? undefined : <Steps at={2} />} />
    </OfficeGate>
  )
}

function First({ token }: { token: string }) {
  const { setup } = officeTexts()
  return (
    <Entrance realm="staff" headline={setup.headline} lead={setup.lead} title={setup.title}>
      <Steps at={1} />
      <SignUpForm realm="staff" setup={token} />
    </Entrance>
  )
}

function Steps({ at }: { at: 1 | 2 }) {
  const { setup } = officeTexts()
  const { common } = peopleTexts()
  return (
    <ol class="steps" aria-label={setup.steps}>
      {[setup.account, setup.organization].map((name, index) => (
        <li key={name} aria-current={index + 1 === at ? 'step' : undefined} data-done={index + 1 < at}>
          <span aria-hidden="true">{index + 1}</span>
          {name}
          {index + 1 < at ? <span class="visually-hidden">{common.done}</span> : null}
        </li>
      ))}
    </ol>
  )
}
