import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { WaitingPage } from '../../people/Lists.tsx'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { usePages } from '../../people/use-pages.ts'
import { useQuery } from '../../people/use-query.ts'
import { staff } from '../../session/sessions.ts'
import { SignIn } from '../account/SignIn.tsx'
import { type Office, OfficeContext } from './office-context.ts'
import { PreviewBar } from './PreviewBar.tsx'

/** Nobody belongs to more organisations than this (organizationsPerAccountMax), and the one that is looked into. */
const membershipsMax = 21

/** Whoever is not signed in does so here, and then sees what he came for. */
export function OfficeGate({ children }: { children: ComponentChildren }) {
  const facts = staff.facts.value.value
  return facts === null ? <SignIn realm="staff" /> : <Inside key={facts.accountId}>{children}</Inside>
}

function Inside({ children }: { children: ComponentChildren }) {
  const profile = useQuery('profile', () => staff.call('getStaffProfile', {}))
  const memberships = usePages(
    'memberships',
    (query) => staff.call('listMyOrganizations', { query }),
    membershipsMax,
  )
  const office = useMemo((): Office | null => {
    if (profile.status !== 'ready' || memberships.status !== 'ready') return null
    const reload = async () => {
      await Promise.all([profile.reload(), memberships.reload()])
    }
    return { profile: profile.value, memberships: memberships.items, reload }
  }, [profile.status === 'ready' && profile.value, memberships.items, memberships.status])

  if (office === null) {
    return (
      <PeoplePage realm="staff">
        <WaitingPage pages={profile.status === 'ready' ? memberships : profile} />
      </PeoplePage>
    )
  }
  const seen = office.memberships.find(({ isPreview }) => isPreview)
  return (
    <OfficeContext.Provider value={office}>
      {seen ? <PreviewBar seen={seen} onLeft={office.reload} /> : null}
      <PeoplePage realm="staff">{children}</PeoplePage>
    </OfficeContext.Provider>
  )
}
