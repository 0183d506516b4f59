import { commitmentOf } from '@matchday/competition'
import {
  type BodyOf,
  type FieldProblem,
  normalizeName,
  type TournamentId,
  type tournamentOperations,
} from '@matchday/contracts'
import { joinCodeClaim, nameClaim } from './claims.ts'
import type { Decided } from './decision.ts'
import { drawSeedName } from './draw-seed.ts'
import { identityOf } from './identity-of-name.ts'
import { teamPresets } from './presets.ts'

type Input = BodyOf<typeof tournamentOperations.createTournament>
export type CreateFacts = {
  readonly id: TournamentId
  readonly joinCode: string
  /** 32 random bytes in hexadecimal. Kept as a secret; only its commitment is told. */
  readonly seed: string
}
export type CreateAnswer = { readonly id: TournamentId; readonly joinCode: string }

export function createTournament(
  input: Input,
  facts: CreateFacts,
): Decided<CreateAnswer, 'name-taken' | 'invalid-input'> {
  const name = normalizeName(input.name)
  const teams = teamsOf(input)
  const picks = input.picks ?? 'unique'
  const fields = [...duplicates(teams)]
  if (picks === 'unique' && input.limit > teams.length) fields.push(moreSeatsThanTeams(teams.length))
  if (fields.length > 0) return { kind: 'rejected', code: 'invalid-input', fields }
  return {
    kind: 'accepted',
    events: [
      {
        type: 'tournament-created',
        data: {
          name,
          limit: input.limit,
          teams: [...teams],
          picks,
          drawMode: input.drawMode ?? 'any',
          joinCode: facts.joinCode,
          commitment: commitmentOf(facts.seed),
        },
      },
    ],
    answer: { id: facts.id, joinCode: facts.joinCode },
    claims: [{ key: nameClaim(name), otherwise: 'name-taken' }, joinCodeClaim(facts.joinCode)],
    secrets: [{ name: drawSeedName(1), value: facts.seed }],
  }
}

function teamsOf({ teams }: Input): readonly string[] {
  if (teams === undefined) return teamPresets.classic
  return 'preset' in teams ? teamPresets[teams.preset] : teams.names.map(normalizeName)
}

function* duplicates(teams: readonly string[]): Generator<FieldProblem> {
  const firstPlaces = new Map<string, number>()
  for (const [index, team] of teams.entries()) {
    const key = identityOf(team)
    const first = firstPlaces.get(key)
    if (first === undefined) firstPlaces.set(key, index)
    else {
      const message = `The same team as number ${first + 1}.`
      yield { path: `/body/teams/names/${index}`, code: 'duplicate', message }
    }
  }
}

function moreSeatsThanTeams(teamCount: number): FieldProblem {
  const message = `With unique picks there can be at most as many seats as teams: ${teamCount}.`
  return { path: '/body/limit', code: 'more-than-teams', message }
}
