import type { Caller, DrawMode, PickRule, PlayerId, TournamentId } from '@matchday/contracts'
import type { JsonObject } from '@matchday/kernel'
import fc from 'fast-check'
import { countingService } from './counting-service.ts'
import { type AnyOperationName, type Gap, type ModelSystem, modelSystem } from './model-system.ts'
import { numberedHex256, numberedId, organizationId, staff } from './people.ts'
import { passOf, testPasses } from './test-passes.ts'

/**
 * Random stories: people do anything in any order, and instances decide on states that lack the latest events. The
 * last one is really called like somebody whose name is forgotten.
 */
export const people = [
  { firstName: 'Annabel', lastName: 'Canaryann' },
  { firstName: 'Annabel', lastName: 'Canaryben' },
  { firstName: 'Cleopatra', lastName: 'Canarycleo', showsFullName: true },
  { firstName: 'Daniela', lastName: 'Canarydan' },
  { firstName: 'Player', lastName: '1', showsFullName: true },
] as const
const teams = ['Bayern', 'PSG', 'Liverpool', 'Chelsea', 'Roma']
const manager = numberedId<'staff'>(101)
export const accountOf = (who: number): Caller & { kind: 'player-account' } => ({
  kind: 'player-account',
  accountId: numberedId<'player-account'>(7_000 + who),
  sessionId: numberedId<'session'>(9),
})

type Setup = { limit: number; picks: PickRule; drawMode: DrawMode; isPrivate: boolean }
const often = ['join', 'join', 'pick', 'pick', 'pick'] as const
const sometimes = [
  'draw',
  'decide',
  'decide',
  'details',
  'remove',
  'leave',
  'move',
  'joining',
  'void',
] as const
const seldom = ['link', 'open', 'anonymize', 'forget', 'rename', 'claim'] as const
type Step = {
  what: (typeof often)[number] | (typeof sometimes)[number] | (typeof seldom)[number] | 'archive'
  who: number
  /** Whose pass, where two have to do with it. */
  other: number
  team: number
  open: boolean
  oldPass: boolean
  hasAccount: boolean
  contribution: number | null
  /** How many events the instance has not heard of. */
  behind: number
}

const setup = (isPrivate: fc.Arbitrary<boolean>): fc.Arbitrary<Setup> =>
  fc.record({
    limit: fc.integer({ min: 2, max: 4 }),
    picks: fc.constantFrom<PickRule>('unique', 'shared'),
    drawMode: fc.constantFrom<DrawMode>('any', 'derangement', 'keep'),
    isPrivate,
  })
const step = (what: fc.Arbitrary<Step['what']>): fc.Arbitrary<Step> =>
  fc.record({
    what,
    who: fc.nat(people.length - 1),
    other: fc.nat(people.length - 1),
    team: fc.nat(teams.length - 1),
    open: fc.boolean(),
    oldPass: fc.boolean(),
    hasAccount: fc.boolean(),
    contribution: fc.option(fc.nat(9)),
    behind: fc.oneof(fc.constant(0), fc.nat(6)),
  })
const storyOf = (isPrivate: fc.Arbitrary<boolean>, what: fc.Arbitrary<Step['what']>) =>
  fc.tuple(setup(isPrivate), fc.array(step(what), { minLength: 5, maxLength: 60, size: 'max' }))

/** Anything may happen. */
export const story = storyOf(
  fc.boolean(),
  fc.oneof(
    { weight: 14, arbitrary: fc.constantFrom(...often) },
    { weight: 12, arbitrary: fc.constantFrom(...sometimes) },
    { weight: 8, arbitrary: fc.constantFrom(...seldom) },
    { weight: 1, arbitrary: fc.constant('archive' as const) },
  ),
)
/** It comes to a draw more often. */
export const storyOfDraws = storyOf(
  fc.constant(false),
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('join' as const) },
    { weight: 9, arbitrary: fc.constant('pick' as const) },
    { weight: 4, arbitrary: fc.constant('draw' as const) },
    { weight: 6, arbitrary: fc.constantFrom('remove', 'leave', 'move', 'joining', 'void', 'rename') },
    { weight: 1, arbitrary: fc.constant('archive' as const) },
  ),
)
/** … and again. */
export const storyOfRedraws = storyOf(
  fc.constant(false),
  fc.constantFrom('join', 'pick', 'pick', 'pick', 'draw', 'void'),
)
/** Accounts come and go … */
export const storyOfAccounts = storyOf(
  fc.constant(false),
  fc.constantFrom('join', 'join', 'link', 'link', 'remove'),
)
/** … and so do names. */
export const storyOfNames = storyOf(
  fc.constant(false),
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('join' as const) },
    { weight: 3, arbitrary: fc.constantFrom('link', 'anonymize') },
    { weight: 1, arbitrary: fc.constantFrom('leave', 'forget', 'open', 'pick') },
  ),
)
export type Story = [Setup, Step[]]

export type Played = {
  system: ModelSystem
  id: TournamentId
  replies: string[]
  /** Who it was that joined, for each player there ever was. */
  joined: Map<PlayerId, number>
}

/** Who sits where, as the people know it from the passes that they got. */
type Passes = Map<number, Caller & { kind: 'player' }>
type Asked = readonly [AnyOperationName, Caller, JsonObject]

function requestOf(taken: Step, id: TournamentId, passes: Passes): Asked {
  const { what, who, other, team, open, oldPass, hasAccount, contribution } = taken
  const organizer: Caller = { kind: 'organizer', tournamentId: id }
  // Whoever never joined has the pass of nobody.
  const latest = passes.get(who) ?? { kind: 'player', tournamentId: id, playerId: id as never, pass: 1 }
  const self = { ...latest, pass: oldPass ? Math.max(1, latest.pass - 1) : latest.pass }
  const { playerId } = self
  const added = contribution === null ? {} : { contribution: numberedHex256(contribution) }
  const borrowed = passes.get(other) ?? latest
  const requests: Record<Step['what'], Asked> = {
    join: ['joinTournament', hasAccount ? accountOf(who) : { kind: 'anyone' }, { ...people[who] }],
    pick: ['pickTeam', self, { playerId, team: teams[team] ?? '', ...added }],
    remove: ['removePlayer', organizer, { playerId }],
    leave: ['removePlayer', self, { playerId }],
    move: ['movePass', self, { playerId }],
    joining: ['setJoining', organizer, { open }],
    draw: ['drawTeams', organizer, {}],
    void: ['voidDraw', organizer, { reason: 'once more' }],
    rename: ['renameTournament', organizer, { name: `Cup ${team}` }],
    decide: ['decideEntryRequest', organizer, { playerId, accepted: open || oldPass }],
    details: [
      'changeDetails',
      organizer,
      { visibility: open ? 'private' : 'public', address: `Road ${team}` },
    ],
    link: ['linkSeat', accountOf(who), { playerToken: passOf(oldPass ? borrowed : latest) }],
    open: ['openSeat', accountOf(who), {}],
    anonymize: ['anonymizePlayer', open ? organizer : self, { playerId }],
    forget: [
      'forgetPlayer',
      { kind: 'service', service: 'tournaments' },
      { accountId: accountOf(who).accountId },
    ],
    claim: ['claimTournament', staff(manager), { organizationId, organizerToken: passOf(organizer) }],
    archive: ['archiveTournament', organizer, {}],
  }
  return requests[what]
}

export async function play([{ isPrivate, ...rules }, steps]: Story, gap?: Gap): Promise<Played> {
  const system = modelSystem(countingService(), gap)
  system.organizations.add(organizationId, { [manager]: 'manager' })
  const visibility = isPrivate ? 'private' : 'unlisted'
  const input = { name: 'Cup', ...rules, visibility, teams: { names: teams } }
  await system.send({ operation: 'createTournament', input, by: { kind: 'anyone' } })
  // Streams are named by the ids of tournaments.
  const id = system.streams()[0] as TournamentId
  const passes: Passes = new Map()
  const joined = new Map<PlayerId, number>()
  const replies: string[] = []
  for (const taken of steps) {
    const [operation, by, asked] = requestOf(taken, id, passes)
    const request = { operation, by, input: { id, ...asked }, behind: taken.behind }
    const reply = await system.send(request).catch((error: unknown) => {
      if (gap === undefined) throw error
      return null
    })
    // With a gap the service may meet what it takes for impossible; the referee judges how it came to that.
    if (reply === null) break
    replies.push(`${taken.what} ${JSON.stringify(reply)}`)
    const token = reply.kind === 'ok' ? reply.body?.playerToken : undefined
    if (typeof token !== 'string') continue
    const pass = testPasses.verifyPass(token)
    if (taken.what === 'join') joined.set(pass.playerId, taken.who)
    passes.set(joined.get(pass.playerId) ?? taken.who, pass)
  }
  return { system, id, replies, joined }
}
