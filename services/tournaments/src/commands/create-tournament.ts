import { type Caller, type OrganizationId, tournamentOperations } from '@matchday/contracts'
import { command, type PrepareContext, reject } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import {
  type CreateAnswer,
  type CreateFacts,
  createTournament as decide,
} from '../domain/create-tournament.ts'
import type { Rejected } from '../domain/decision.ts'
import { type StandingCode, standingRefusal } from '../domain/standing.ts'
import { tournament } from '../domain/tournament.ts'
import { standingOf } from '../standings.ts'

type Config = Pick<
  CompleteTournamentsConfig,
  'signPass' | 'joinUrl' | 'newId' | 'randomHex256' | 'randomJoinCode'
>
type Facts = CreateFacts & { readonly refused: Rejected<StandingCode> | null }
const { scope } = tournamentOperations.createTournament

export const createTournament = ({ signPass, joinUrl, newId, randomHex256, randomJoinCode }: Config) => {
  // New ones when it is decided again: the join code may have been somebody else's.
  const factsFor = (organizationId: OrganizationId | null): CreateFacts => ({
    id: newId<'tournament'>(),
    joinCode: randomJoinCode(),
    seed: randomHex256(),
    organizationId,
  })
  return command(tournamentOperations.createTournament, {
    decider: tournament,
    prepare: (input, context): Facts | Promise<Facts> => {
      const organizationId = organizationFor(context.caller, input.organizationId)
      const facts = factsFor(organizationId)
      if (organizationId === null) return { ...facts, refused: null }
      return refusalIn(organizationId, context).then((refused) => ({ ...facts, refused }))
    },
    stream: (_input, facts) => facts.id,
    decide: (_state, { input, facts }) => facts.refused ?? decide(input, facts),
    present: async ({ id, joinCode, organizationId }: CreateAnswer, version) => ({
      id,
      joinCode,
      joinUrl: joinUrl(joinCode),
      organizerToken:
        organizationId === undefined ? await signPass({ kind: 'organizer', tournamentId: id }) : null,
      version,
    }),
  })
}

/** A key acts for its organisation without having to say so. */
function organizationFor(caller: Caller, asked: OrganizationId | undefined): OrganizationId | null {
  return asked ?? (caller.kind === 'key' ? caller.organizationId : null)
}

async function refusalIn(
  organizationId: OrganizationId,
  { caller, ask }: PrepareContext,
): Promise<Rejected<StandingCode> | null> {
  if (caller.kind !== 'staff' && caller.kind !== 'key') return reject('not-allowed')
  return standingRefusal(await standingOf(ask, caller, organizationId, scope), caller, 'manager')
}
