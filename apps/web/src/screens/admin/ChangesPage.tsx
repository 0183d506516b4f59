import type { Operations, OutputOf } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { adminTexts } from '../../i18n/admin.ts'
import { officeTexts } from '../../i18n/office.ts'
import { ChangeList, type Whose, WhoseFilter } from '../../people/ChangeList.tsx'
import { dateTime } from '../../people/dates.ts'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { type Administrator, administratorName, nameAmong, useAdministrators } from './administrator.ts'

type AccountChange = OutputOf<Operations['listAdministratorChanges']>['items'][number]

/** What administrators did in organisations, and what was done to their own accounts. */
export function ChangesPage() {
  const words = adminTexts()
  const { changes } = officeTexts()
  const [whose, setWhose] = useState<Whose>('all')
  const chosen = whose === 'all' ? {} : { accountId: whose }
  const administrators = useAdministrators()
  const inOrganizations = usePages(`changes ${whose}`, (page) =>
    staff.call('listAdminChanges', { query: { ...page, ...chosen } }),
  )
  const ofAccounts = usePages(`accounts ${whose}`, (page) =>
    staff.call('listAdministratorChanges', { query: { ...page, ...chosen } }),
  )
  return (
    <>
      <PartHead title={words.changes} about={words.changesAbout} />
      <WhoseFilter
        people={administrators.items.map((one) => [one.accountId, administratorName(one)])}
        whose={whose}
        onWhose={setWhose}
      />
      <section class="stack" aria-labelledby="in-organizations">
        <h2 id="in-organizations">{words.inOrganizations}</h2>
        <Paged pages={inOrganizations} none={<Empty title={changes.none} />}>
          <ChangeList
            changes={inOrganizations.items}
            label={words.inOrganizations}
            about={({ organizationId }) =>
              organizationId ? (
                <p>
                  <a href={`/admin/organizations/${organizationId}`}>{words.toOrganization}</a>
                </p>
              ) : null
            }
          />
        </Paged>
      </section>
      <section class="stack" aria-labelledby="of-accounts">
        <h2 id="of-accounts">{words.ofAccounts}</h2>
        <Paged pages={ofAccounts} none={<Empty title={changes.none} />}>
          <ol class="lines changes" aria-label={words.ofAccounts}>
            {ofAccounts.items.map((change) => (
              <AccountLine key={change.id} change={change} administrators={administrators.items} />
            ))}
          </ol>
        </Paged>
      </section>
    </>
  )
}

type LineProps = { change: AccountChange; administrators: readonly Administrator[] }

function AccountLine({ change, administrators }: LineProps) {
  const words = adminTexts()
  return (
    <li class="line change">
      <div class="change-words">
        <strong>{change.by === null ? words.byItself : nameAmong(administrators, change.by)}</strong>{' '}
        {words.done[change.change](nameAmong(administrators, change.accountId))}
      </div>
      <time class="soft" dateTime={change.at}>
        {dateTime(change.at)}
      </time>
    </li>
  )
}
