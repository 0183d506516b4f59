import { organizationOperations } from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { type ChangeRow, changeColumns, shownChange } from '../change-rows.ts'
import { memberRead } from '../guarded-read.ts'
import { peopleAmong } from '../people.ts'

export const getChange = () =>
  memberRead(organizationOperations.getChange, async ({ organizationId, changeId }, context) => {
    const [row] = await context.rows<ChangeRow>(
      `select ${changeColumns} from changelog where organization_id = $1 and change_id = $2`,
      [organizationId, changeId],
    )
    if (row === undefined) return reject('not-found')
    return { kind: 'ok', body: shownChange(row, await peopleAmong(context.ask, [row])) }
  })
