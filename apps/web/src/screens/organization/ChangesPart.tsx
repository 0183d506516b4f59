import type { StaffId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { ChangeList } from '../../people/ChangeList.tsx'
import { SelectField } from '../../people/fields.tsx'
import { Empty, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { memberName } from './member.ts'
import type { PartProps } from './part-props.ts'

const membersMax = 500

/** Who changed what in the organisation. */
export function ChangesPart({ organization }: PartProps) {
  const { changes } = officeTexts()
  const { organizationId } = organization
  const [accountId, setAccountId] = useState<StaffId | 'all'>('all')
  const members = usePages(
    organizationId,
    (query) => staff.call('listMembers', { params: { organizationId }, query }),
    membersMax,
  )
  const pages = usePages(`${organizationId} ${accountId}`, (page) =>
    staff.call('listChanges', {
      params: { organizationId },
      query: { ...page, ...(accountId === 'all' ? {} : { accountId }) },
    }),
  )
  return (
    <>
      <PartHead title={changes.title} about={changes.about} />
      <div class="filters">
        <SelectField
          label={changes.person}
          value={accountId}
          onValue={setAccountId}
          options={[
            ['all', changes.everybody] as const,
            ...members.items.map((member) => [member.accountId, memberName(member)] as const),
          ]}
        />
      </div>
      <Paged pages={pages} lines={5} none={<Empty title={changes.none} />}>
        <ChangeList changes={pages.items} label={changes.title} />
      </Paged>
    </>
  )
}
