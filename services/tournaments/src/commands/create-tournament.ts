import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import {
  type CreateAnswer,
  type CreateFacts,
  createTournament as decide,
} from '../domain/create-tournament.ts'
import { tournament } from '../domain/tournament.ts'

type Config = Pick<
  CompleteTournamentsConfig,
  'signPass' | 'joinUrl' | 'newId' | 'randomHex256' | 'randomJoinCode'
>

export const createTournament = ({ signPass, joinUrl, newId, randomHex256, randomJoinCode }: Config) =>
  command(tournamentOperations.createTournament, {
    decider: tournament,
    // New ones when it is decided again: the join code may have been somebody else's.
    prepare: (): CreateFacts => ({
      id: newId<'tournament'>(),
      joinCode: randomJoinCode(),
      seed: randomHex256(),
    }),
    stream: (_input, facts) => facts.id,
    decide: (_state, { input, facts }) => decide(input, facts),
    present: async ({ id, joinCode }: CreateAnswer, version) => ({
      id,
      joinCode,
      joinUrl: joinUrl(joinCode),
      organizerToken: await signPass({ kind: 'organizer', tournamentId: id }),
      version,
    }),
  })
