import type { Realm } from '@matchday/contracts/roles'
import { useEffect, useRef } from 'preact/hooks'
import { LineIcon } from '../../components/Icon.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useSignInWays } from './SignIn.tsx'

const mailShape = 'M3.500 6h17v12.500h-17z M3.500 7l8.500 6.500L20.500 7'

type Props = {
  realm: Realm
  email: string
  /** What was asked for: a confirmation, or a new password. */
  about?: string
  onOther: () => void
}

/** The same for an address that is known and for one that is not. */
export function CheckMail({ realm, email, about, onOther }: Props) {
  const { signUp } = peopleTexts()
  const ways = useSignInWays(realm)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div class="stack check-mail" data-testid="check-mail">
      <span class="big-mark">
        <LineIcon shape={mailShape} />
      </span>
      <h3 ref={heading} tabIndex={-1}>
        {signUp.checkMail}
      </h3>
      <p>{about ?? signUp.checkMailAbout(email)}</p>
      {ways?.mail === 'outbox' ? <p class="note">{signUp.outbox}</p> : null}
      <button type="button" class="button" onClick={onOther}>
        {signUp.otherAddress}
      </button>
    </div>
  )
}
