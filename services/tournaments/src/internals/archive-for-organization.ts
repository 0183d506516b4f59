import { tournamentInternals } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { archiveForOrganization as decide } from '../domain/archive-for-organization.ts'
import { tournament } from '../domain/tournament.ts'

export const archiveForOrganization = () =>
  command(tournamentInternals.archiveForOrganization, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input }) => decide(state, input.organizationId),
    present: () => ({}),
  })
