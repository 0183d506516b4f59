import { tournamentInternals } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import { noteOrganizationStatus as decide } from '../domain/note-organization-status.ts'
import { tournament } from '../domain/tournament.ts'

export const noteOrganizationStatus = () =>
  command(tournamentInternals.noteOrganizationStatus, {
    decider: tournament,
    prepare: () => null,
    stream: ({ id }) => id,
    decide: (state, { input }) => decide(state, input),
    present: () => ({}),
  })
