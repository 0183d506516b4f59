import { organizationOperations } from '@matchday/contracts'
import { type ContactRow, contactColumns } from '../contact-rows.ts'
import { memberRead } from '../guarded-read.ts'
import { pageOf, shownPage } from '../pages.ts'

export const listContacts = () =>
  memberRead(organizationOperations.listContacts, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const rows = await context.rows<ContactRow>(
      `select ${contactColumns} from contacts
       where organization_id = $1 and ($2::uuid is null or tournament_id = $2)
         and ($3::uuid is null or contact_id > $3)
       order by contact_id limit $4`,
      [input.organizationId, input.tournamentId ?? null, after, rowsMax],
    )
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ contactId }) => contactId, shown) }
  })

const shown = (row: ContactRow): ContactRow => row
