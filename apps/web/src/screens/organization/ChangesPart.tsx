import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { ChangeList, type Whose, WhoseFilter } from '../../people/ChangeList.tsx'
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
  const [whose, setWhose] = useState<Whose>('all')
  const members = usePages(
    organizationId,
    (query) => staff.call('listMembers', { params: { organizationId }, query }),
    membersMax,
  )
  const pages = usePages(`${organizationId} ${whose}`, (page) =>
    staff.call('listChanges', {
      params: { organizationId },
      query: { ...page, ...(whose === 'all' ? {} : { accountId: whose }) },
    }),
  )
  return (
    <>
      <PartHead title={changes.title} about={changes.about} />
      <WhoseFilter
        people={members.items.map((one) => [one.accountId, memberName(one)])}
        whose={whose}
        onWhose={setWhose}
      />
      <Paged pages={pages} lines={5} none={<Empty title={changes.none} />}>
        <ChangeList changes={pages.items} label={changes.title} />
      </Paged>
    </>
  )
}
