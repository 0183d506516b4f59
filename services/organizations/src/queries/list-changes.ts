import { organizationOperations } from '@matchday/contracts'
import { type ChangeRow, changeColumns, shownChange } from '../change-rows.ts'
import { memberRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'
import { peopleAmong } from '../people.ts'

export const listChanges = () =>
  memberRead(organizationOperations.listChanges, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<ChangeRow>(
      `select ${changeColumns} from changelog
       where organization_id = $1 and ($2::text is null or by_id = $2)
         and ($3::uuid is null or change_id < $3)
       order by change_id desc limit $4`,
      [input.organizationId, input.accountId ?? null, after, rowsMax],
    )
    const people = await peopleAmong(context.ask, rows.slice(0, rowsMax - 1))
    const shown = (row: ChangeRow) => shownChange(row, people)
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ changeId }) => changeId, shown) }
  })
