import type { OrganizationId } from '@matchday/contracts'
import { isId } from '@matchday/contracts/ids'
import { Notice } from '../../components/Notice.tsx'
import { adminTexts } from '../../i18n/admin.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { Tabs } from '../../people/Tabs.tsx'
import { NotFound } from '../NotFound.tsx'
import { OfficeGate } from '../office/OfficeGate.tsx'
import { useOffice } from '../office/office-context.ts'
import { AccountsPage } from './AccountsPage.tsx'
import { AdministratorsPage } from './AdministratorsPage.tsx'
import { ChangesPage } from './ChangesPage.tsx'
import { InspectPage } from './InspectPage.tsx'
import { OrganizationsPage } from './OrganizationsPage.tsx'
import '../office/office.css'
import '../organization/organization.css'

/** Everything below `/admin`: for those who run the platform. */
export function AdminScreen({ section = '' }: { section?: string }) {
  return (
    <OfficeGate>
      <Inside section={section} />
    </OfficeGate>
  )
}

function Inside({ section }: { section: string }) {
  const { profile } = useOffice()
  const admin = adminTexts()
  if (profile.platformRole === null) {
    return (
      <Notice icon="lock" title={admin.notYours} about={admin.notYoursAbout}>
        <a class="button primary" href="/office">
          {peopleTexts().nav.office}
        </a>
      </Notice>
    )
  }
  const [first = '', second, ...rest] = section.split('/')
  if (rest.length > 0) return <NotFound />
  if (first === 'organizations' && second !== undefined && isOrganizationId(second)) {
    return (
      <AdminFrame current="">
        <InspectPage key={second} organizationId={second} />
      </AdminFrame>
    )
  }
  if (second !== undefined) return <NotFound />
  switch (first) {
    case '':
      return (
        <AdminFrame current="">
          <OrganizationsPage />
        </AdminFrame>
      )
    case 'administrators':
      return (
        <AdminFrame current={first}>
          <AdministratorsPage />
        </AdminFrame>
      )
    case 'accounts':
      return (
        <AdminFrame current={first}>
          <AccountsPage />
        </AdminFrame>
      )
    case 'changes':
      return (
        <AdminFrame current={first}>
          <ChangesPage />
        </AdminFrame>
      )
    default:
      return <NotFound />
  }
}

const pages = ['', 'administrators', 'accounts', 'changes'] as const
type Page = (typeof pages)[number]
type FrameProps = { current: Page; children: preact.ComponentChildren }

function AdminFrame({ current, children }: FrameProps) {
  const words = adminTexts()
  const names: Readonly<Record<Page, string>> = {
    '': words.organizations,
    administrators: words.administrators,
    accounts: words.accounts,
    changes: words.changes,
  }
  return (
    <main id="content" class="desk">
      <header class="organization-head">
        <p class="organization-name">{words.title}</p>
        <Tabs
          label={words.title}
          tabs={pages.map((page) => ({
            href: page === '' ? '/admin' : `/admin/${page}`,
            text: names[page],
            current: page === current ? 'page' : undefined,
          }))}
        />
      </header>
      {children}
    </main>
  )
}

function isOrganizationId(text: string): text is OrganizationId {
  return isId(text)
}
