import type { Realm } from '@matchday/contracts/roles'
import { ErrorText } from '../../components/ErrorText.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { useOpenCommand } from '../../people/commands.ts'
import { keepOidcReturn } from './oidc-return.ts'
import { operationsOf } from './realm-operations.ts'

/** The way over another service: off to it, and back to `…/return`. */
export function OidcButton({ realm, name }: { realm: Realm; name: string }) {
  const { signIn } = peopleTexts()
  const command = useOpenCommand(operationsOf[realm].startOidc)
  const go = async () => {
    const sent = await command.send({ body: {} })
    if (sent.status !== 'done') return
    const { url, handle } = sent.value
    // Whatever the server says, a page is only ever left for another page.
    if (!/^https?:\/\//i.test(url)) return
    keepOidcReturn(realm, { handle, path: location.pathname })
    location.assign(url)
  }
  return (
    <div class="oidc">
      <p class="divider">
        <span>{signIn.or}</span>
      </p>
      <button type="button" class="button" disabled={command.isBusy} onClick={() => void go()}>
        {signIn.with(name)}
      </button>
      <ErrorText text={command.failure?.text} />
    </div>
  )
}
