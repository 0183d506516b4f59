import type { Realm } from '@matchday/contracts/roles'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Notice } from '../../components/Notice.tsx'
import { peopleTexts } from '../../i18n/people.ts'
import { peopleFailureText } from '../../people/commands.ts'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { peopleApi, sessionOf } from '../../session/sessions.ts'
import { pathAfterOidc, takeOidcReturn } from './oidc-return.ts'
import { homeOf, operationsOf } from './realm-operations.ts'

/** Where the other service sends the browser back to. What it brought is taken out of the address bar at once. */
export function OidcReturnScreen({ realm }: { realm: Realm }) {
  const { oidc, confirm } = peopleTexts()
  const { route } = useLocation()
  const [failed, setFailed] = useState<string | null>(null)
  useEffect(() => {
    const brought = new URLSearchParams(location.search)
    history.replaceState(history.state, '', location.pathname)
    void finish(realm, brought).then((outcome) => {
      if ('path' in outcome) route(outcome.path, true)
      else setFailed(outcome.failed)
    })
  }, [])
  return (
    <PeoplePage realm={realm}>
      {failed === null ? (
        <main id="content" class="loading" aria-busy="true" aria-label={oidc.working} />
      ) : (
        <Notice icon="lock" title={oidc.failed} about={failed}>
          <a class="button primary" href={homeOf[realm]}>
            {confirm.toSignIn}
          </a>
        </Notice>
      )}
    </PeoplePage>
  )
}

async function finish(
  realm: Realm,
  brought: URLSearchParams,
): Promise<{ path: string } | { failed: string }> {
  const { oidc } = peopleTexts()
  const kept = takeOidcReturn(realm)
  const code = brought.get('code')
  const state = brought.get('state')
  const iss = brought.get('iss')
  if (kept === null || code === null || state === null) return { failed: oidc.failedAbout }
  try {
    const answer = await peopleApi(operationsOf[realm].finishOidc, {
      body: { handle: kept.handle, code, state, cookies: true, ...(iss === null ? {} : { iss }) },
    })
    if (!answer.ok) return { failed: peopleFailureText(answer.problem.code) }
    sessionOf[realm].begin(answer.value, answer)
    return { path: pathAfterOidc(kept, homeOf[realm]) }
  } catch {
    // A fault, whichever: the code is good once, so the way begins anew.
    return { failed: oidc.failedAbout }
  }
}
