import { commitmentOf } from '@matchday/competition'
import {
  type BodyOf,
  type FieldProblem,
  normalizeName,
  type OrganizationId,
  type TournamentId,
  type tournamentOperations,
} from '@matchday/contracts'
import { joinCodeClaim, nameClaim, organizationClaim } from './claims.ts'
import type { Decided } from './decision.ts'
import { detailsProblems, noDetails, withDetails } from './details.ts'
import { drawSeedName } from './draw-seed.ts'
import { identityOf } from './identity-of-name.ts'
import { teamPresets } from './presets.ts'

type Input = BodyOf<typeof tournamentOperations.createTournament>
export type CreateFacts = {
  readonly id: TournamentId
  readonly joinCode: string
  /** 32 random bytes in hexadecimal. Kept as a secret; only its commitment is told. */
  readonly seed: string
  /** Whose it shall be, which was asked for already; null: of whoever holds the organiser's token. */
  readonly organizationId: OrganizationId | null
}
export type CreateAnswer = {
  readonly id: TournamentId
  readonly joinCode: string
  /** Whose it is, if it is an organisation's. */
  readonly organizationId?: OrganizationId
}

export function createTournament(
  input: Input,
  facts: CreateFacts,
): Decided<CreateAnswer, 'name-taken' | 'invalid-input'> {
  const name = normalizeName(input.name)
  const teams = teamsOf(input)
  const picks = input.picks ?? 'unique'
  const fields = [...duplicates(teams)]
  if (picks === 'unique' && input.limit > teams.length) fields.push(moreSeatsThanTeams(teams.length))
  const { id, organizationId } = facts
  // Among friends whoever has the address is meant; an organisation wants to be found.
  const details = withDetails(noDetails(organizationId === null ? 'unlisted' : 'public'), input)
  fields.push(...detailsProblems(details))
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
          ...(organizationId !== null && { organizationId }),
          details,
        },
      },
    ],
    answer: { id, joinCode: facts.joinCode, ...(organizationId !== null && { organizationId }) },
    claims: [
      { key: nameClaim(name), otherwise: 'name-taken' },
      joinCodeClaim(facts.joinCode),
      ...(organizationId === null ? [] : [organizationClaim(organizationId, id)]),
    ],
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
