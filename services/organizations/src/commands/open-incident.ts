import {
  type IncidentId,
  newId,
  normalizeName,
  normalizeText,
  organizationLimits,
  organizationOperations,
} from '@matchday/contracts'
import { reject } from '@matchday/kernel'
import { actorIn } from '../domain/actor.ts'
import { memberCommand } from '../member-command.ts'

type IncidentAnswer = { readonly incidentId: IncidentId }

export const openIncident = () =>
  memberCommand(organizationOperations.openIncident, {
    tournamentOf: ({ tournamentId }) => tournamentId,
    async run(transaction, { input, caller, now }) {
      const { organizationId, tournamentId, priority } = input
      const [existing] = await transaction.query<{ count: number }>(
        'select count(*)::integer as count from incidents where organization_id = $1',
        [organizationId],
      )
      if (existing!.count >= organizationLimits.incidentsPerOrganizationMax) return reject('limit-reached')
      const incidentId = newId<'incident'>(Date.parse(now))
      const name = normalizeName(input.name)
      const description = normalizeText(input.description)
      const author = actorIn(caller)
      await transaction.query(
        `insert into incidents
         (incident_id, organization_id, tournament_id, name, description, status, priority,
          author_kind, author_id, created_at)
         values ($1, $2, $3, $4, $5, 'to-do', $6, $7, $8, $9)`,
        [incidentId, organizationId, tournamentId, name, description, priority, author.kind, author.id, now],
      )
      const after = { tournamentId, name, description, status: 'to-do', priority, closedAt: null }
      return {
        kind: 'accepted',
        answer: { incidentId },
        changes: [{ organizationId, thing: 'incident', thingId: incidentId, action: 'created', after }],
      }
    },
    present: (answer: IncidentAnswer) => answer,
  })
