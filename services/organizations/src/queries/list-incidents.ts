import { organizationOperations } from '@matchday/contracts'
import { authorOfRow } from '../domain/actor.ts'
import { memberRead } from '../guarded-read.ts'
import { type IncidentRow, incidentColumns } from '../incident-rows.ts'
import { pageOf, shownPage } from '../pages.ts'
import { peopleAmong } from '../people.ts'
import { shownIncident } from './get-incident.ts'

export const listIncidents = () =>
  memberRead(organizationOperations.listIncidents, async (input, context) => {
    const { after, rowsMax } = pageOf(input)
    const { organizationId, tournamentId = null, status = null } = input
    const rows = await context.rows<IncidentRow>(
      `select ${incidentColumns} from incidents i
       where organization_id = $1 and ($2::uuid is null or tournament_id = $2)
         and ($3::text is null or status = $3) and ($4::uuid is null or incident_id < $4)
       order by incident_id desc limit $5`,
      [organizationId, tournamentId, status, after, rowsMax],
    )
    const people = await peopleAmong(context.ask, rows.slice(0, rowsMax - 1).map(authorOfRow))
    const shown = (row: IncidentRow) => shownIncident(row, people)
    return { kind: 'ok', body: shownPage(rows, rowsMax, ({ incidentId }) => incidentId, shown) }
  })
