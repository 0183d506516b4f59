import type {
  DrawAttempt,
  DrawMode,
  OrganizationId,
  PickRule,
  PlayerId,
  Tournament,
  TournamentId,
} from '@matchday/contracts'
import type { Publication } from '../publication.ts'

/** For tests only: a tournament's history told twice, as publications and as the snapshot that each one leads to. */
export type History = { snapshots: Tournament[]; publications: Publication[] }

export const exampleTeams = [
  'Ajax',
  'Benfica',
  'Celtic',
  'Dortmund',
  'Everton',
  'Fenerbahçe',
  'Genoa',
  'Hertha',
]
const at = '2026-05-01T18:00:00.000Z'
const hex = (digit: string) => digit.repeat(64)
const plainDetails = {
  description: null,
  address: null,
  latitude: null,
  longitude: null,
  startsAt: null,
  endsAt: null,
  visibility: 'unlisted',
} satisfies Details

type Details = Pick<
  Tournament,
  'description' | 'address' | 'latitude' | 'longitude' | 'startsAt' | 'endsAt' | 'visibility'
>

/** `numbers` decide what happens: each is a step, most of them lead somewhere. */
export function historyOf(numbers: readonly number[], drawMode: DrawMode, picks: PickRule): History {
  const story = new Story(drawMode, picks)
  for (const number of numbers) story.happen(number)
  return { snapshots: story.snapshots, publications: story.publications }
}

type Attempt = { -readonly [Key in keyof DrawAttempt]: DrawAttempt[Key] }
type Someone = { id: PlayerId; firstName: string; lastName: string; pick: string | null; team: string | null }

/** Keeps plain variables and builds every snapshot from nothing, so that it shares no code with the reducer. */
class Story {
  readonly publications: Publication[] = []
  readonly snapshots: Tournament[] = []
  readonly #drawMode: DrawMode
  readonly #picks: PickRule
  #name = 'Cup'
  #joining = true
  #isDrawn = false
  #isArchived = false
  #details: Details = plainDetails
  #organization: Tournament['organization'] = null
  #joined = 0
  #players: Someone[] = []
  #draws: Attempt[] = [{ attempt: 1, status: 'committed', commitment: hex('1') }]

  constructor(drawMode: DrawMode, picks: PickRule) {
    this.#drawMode = drawMode
    this.#picks = picks
    this.snapshots.push(this.#snapshot())
  }

  happen(number: number): void {
    if (this.#isArchived) return
    const choice = Math.floor(number / 17)
    const someone = this.#players[choice % Math.max(1, this.#players.length)]
    const often = <Step>(step: Step): Step[] => [step, step, step]
    const stepsWhenDrawn = [
      () => this.#void(),
      () => this.#rename(choice),
      () => this.#archive(choice),
      () => this.#happenToPeople(someone, choice),
    ]
    const stepsWhenOpen = [
      ...often(() => this.#join()),
      ...often(() => this.#pick(someone, choice)),
      ...often(() => this.#pick(someone, choice + 1)),
      ...often(() => this.#draw()),
      () => this.#rename(choice),
      () => this.#setJoining(),
      () => this.#remove(someone),
      () => this.#move(someone),
      () => this.#archive(choice),
      () => this.#happenToPeople(someone, choice),
    ]
    const steps = this.#isDrawn ? stepsWhenDrawn : stepsWhenOpen
    steps[(number % 17) % steps.length]!()
  }

  #rename(choice: number): void {
    this.#name = `Cup ${choice}`
    this.#tell({ type: 'tournament-renamed', name: this.#name })
  }

  #setJoining(): void {
    this.#joining = !this.#joining
    this.#tell({ type: 'joining-changed', open: this.#joining })
  }

  #remove(someone: Someone | undefined): void {
    if (!someone) return
    this.#players = this.#players.filter((player) => player !== someone)
    this.#tell({ type: 'player-removed', playerId: someone.id, by: 'player' })
  }

  #move(someone: Someone | undefined): void {
    if (someone) this.#tell({ type: 'pass-moved', playerId: someone.id, pass: 2 })
  }

  #archive(choice: number): void {
    if (choice % 9 > 0) return
    this.#isArchived = true
    this.#tell({ type: 'tournament-archived' })
  }

  /** What came with accounts and organisations; each seldom, so that they share a step. */
  #happenToPeople(someone: Someone | undefined, choice: number): void {
    const steps = [
      () => this.#anonymize(someone),
      () => this.#changeDetails(choice),
      () => this.#claim(),
      () => this.#link(someone),
      () => this.#ask(),
    ]
    steps[choice % steps.length]!()
  }

  #anonymize(someone: Someone | undefined): void {
    if (!someone) return
    someone.firstName = 'Player'
    someone.lastName = someone.id.slice(-1)
    const { id: playerId, firstName, lastName } = someone
    this.#tell({ type: 'player-anonymized', playerId, firstName, lastName })
  }

  #changeDetails(choice: number): void {
    const address = choice % 2 > 0 ? `Street ${choice}` : null
    this.#details = { ...plainDetails, address, startsAt: at, visibility: 'private' }
    this.#tell({ type: 'details-changed', ...this.#details })
  }

  #claim(): void {
    if (this.#organization !== null) return
    const id = 'organization-1' as OrganizationId // any text does as an id here
    this.#organization = { id, name: '' }
    this.#tell({ type: 'tournament-claimed', organizationId: id })
  }

  #link(someone: Someone | undefined): void {
    if (someone) this.#tell({ type: 'seat-linked', playerId: someone.id, account: hex('c') })
  }

  #ask(): void {
    const playerId = 'player-who-waits' as PlayerId // as above
    this.#tell({ type: 'entry-requested', playerId, firstName: 'W', lastName: 'W.', nameKey: hex('d') })
    this.#tell({ type: 'entry-declined', playerId })
  }

  #join(): void {
    if (this.#players.length === 6) return
    const id = `player-${++this.#joined}` as PlayerId // any text does as an id here
    const someone = {
      id,
      firstName: `F${this.#joined}`,
      lastName: `L${this.#joined}`,
      pick: null,
      team: null,
    }
    this.#players.push(someone)
    const { firstName, lastName } = someone
    this.#tell({ type: 'player-joined', playerId: id, firstName, lastName })
  }

  #pick(someone: Someone | undefined, choice: number): void {
    const team = exampleTeams[choice % exampleTeams.length]!
    const isTaken = this.#picks === 'unique' && this.#players.some((player) => player.pick === team)
    if (!someone || someone.pick !== null || isTaken) return
    someone.pick = team
    this.#tell({ type: 'team-picked', playerId: someone.id, team, contribution: null })
  }

  #draw(): void {
    if (!this.#readiness().ready) return
    const teams = this.#players.map((player) => player.pick!).reverse()
    for (const [index, player] of this.#players.entries()) player.team = teams[index]!
    const assignments = this.#players.map(({ id, team }) => ({ playerId: id, team: team! }))
    this.#isDrawn = true
    const current = this.#draws.at(-1)!
    current.status = 'drawn'
    const { attempt } = current
    this.#tell({ type: 'teams-drawn', attempt, seed: hex('a'), entrantsHash: hex('b'), assignments })
  }

  #void(): void {
    const current = this.#draws.at(-1)!
    current.status = 'void'
    current.voidReason = 'Somebody was missing'
    const nextCommitment = hex(String(current.attempt % 10))
    this.#draws.push({ attempt: current.attempt + 1, status: 'committed', commitment: nextCommitment })
    this.#isDrawn = false
    for (const player of this.#players) player.team = null
    this.#tell({
      type: 'draw-voided',
      attempt: current.attempt,
      reason: 'Somebody was missing',
      nextCommitment,
    })
  }

  #readiness(): Tournament['readiness'] {
    if (this.#isArchived) return { ready: false, reason: 'tournament-archived' }
    if (this.#isDrawn) return { ready: false, reason: 'already-drawn' }
    const count = this.#players.length
    if (count < 6 && (this.#joining || count < 2)) return { ready: false, reason: 'not-full' }
    if (this.#players.some((player) => player.pick === null))
      return { ready: false, reason: 'not-all-picked' }
    if (this.#drawMode !== 'derangement') return { ready: true }
    const atMost = Math.floor(count / 2)
    const blocking = [...new Set(this.#players.map((player) => player.pick!))]
      .map((team) => ({ team, count: this.#players.filter(({ pick }) => pick === team).length, atMost }))
      .filter((team) => team.count > atMost)
    return blocking.length === 0 ? { ready: true } : { ready: false, reason: 'draw-impossible', blocking }
  }

  #tell(event: Record<string, unknown> & { type: Publication['type'] }): void {
    const version = this.publications.length + 2
    // Every call above gives the data of its type; spelling the union out once more would prove nothing.
    this.publications.push({ ...event, version, at } as unknown as Publication)
    this.snapshots.push(this.#snapshot())
  }

  #snapshot(): Tournament {
    return structuredClone({
      id: 'tournament-1' as TournamentId,
      name: this.#name,
      limit: 6,
      status: this.#isArchived ? 'archived' : this.#isDrawn ? 'drawn' : 'open',
      joining: this.#joining,
      joinCode: '234567',
      joinUrl: 'http://localhost/j/234567',
      drawMode: this.#drawMode,
      picks: this.#picks,
      teams: exampleTeams,
      players: this.#players,
      seatsLeft: 6 - this.#players.length,
      draws: this.#draws,
      readiness: this.#readiness(),
      createdAt: at,
      organization: this.#organization,
      ...this.#details,
      version: this.publications.length + 1,
    })
  }
}
