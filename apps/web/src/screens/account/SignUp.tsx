import type { Realm } from '@matchday/contracts/roles'
import { peopleTexts } from '../../i18n/people.ts'
import { Entrance } from './Entrance.tsx'
import { homeOf } from './realm-operations.ts'
import { useSignInWays } from './SignIn.tsx'
import { SignUpForm } from './SignUpForm.tsx'

export function SignUp({ realm }: { realm: Realm }) {
  const words = peopleTexts()
  const ways = useSignInWays(realm)
  const { registration, needsSetup } = ways ?? {}
  const isClosed = realm === 'staff' && registration === 'closed'
  return (
    <Entrance
      realm={realm}
      headline={words[realm].signUpHeadline}
      lead={words[realm].signUpLead}
      title={words.signUp.title}
    >
      {isClosed ? (
        <p>{needsSetup ? words.signIn.needsSetup : words.signIn.byInvitation}</p>
      ) : (
        <>
          {realm === 'staff' && registration === 'approved' ? (
            <p class="hint">{words.signIn.approved}</p>
          ) : null}
          <SignUpForm realm={realm} />
        </>
      )}
      <p class="ways-in">
        <span>
          {words.signIn.haveAccount} <a href={homeOf[realm]}>{words.signIn.title}</a>
        </span>
      </p>
    </Entrance>
  )
}
