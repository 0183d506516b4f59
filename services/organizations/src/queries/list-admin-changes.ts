import { type ChangedThing, organizationOperations } from '@matchday/contracts'
import { type ChangeRow, changeColumns, shownChange } from '../change-rows.ts'
import { guardedRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'
import { peopleAmong } from '../people.ts'

/**
 * What these became is told to every administrator. What else is in an organisation (contacts, incidents, what people
 * wrote) only who looks into it may read, and that is on record there.
 */
const toldEverywhere: readonly ChangedThing[] = ['organization', 'member', 'invitation', 'key']

export const listAdminChanges = () =>
  guardedRead(organizationOperations.listAdminChanges, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<ChangeRow>(
      `select ${changeColumns} from changelog
       where by_kind = 'administrator' and ($1::text is null or by_id = $1)
         and ($2::uuid is null or change_id < $2)
       order by change_id desc limit $3`,
      [input.accountId ?? null, after, rowsMax],
    )
    const people = await peopleAmong(context.ask, rows.slice(0, rowsMax - 1))
    const shown = (row: ChangeRow) => ({
      ...shownChange(row, people),
      ...(toldEverywhere.includes(row.thing) ? {} : { after: null }),
      organizationId: row.organizationId,
    })
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ changeId }) => changeId, shown) }
  })
