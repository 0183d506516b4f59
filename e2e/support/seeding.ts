import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { type Device, type DeviceOptions, openDevice } from './browser.ts'
import { type Joined, must, pick, type TournamentMade, tournamentWith } from './client.ts'

export type Seeding = {
  name: string
  /** First and last names; each is in. */
  players?: readonly (readonly [string, string])[]
  /** They let everybody see their whole names. */
  showsFullName?: boolean
  /** How many of them have picked, from the first on; all unless told. */
  picked?: number
  limit?: number
  teams?: { preset: 'classic' | 'clubs' | 'nations' } | { names: readonly string[] }
  drawMode?: 'any' | 'derangement' | 'keep'
  picks?: 'unique' | 'shared'
  /** Which team the n-th player picks; the n-th one unless told. */
  team?: (index: number) => number
}
export type Seeded = TournamentMade & { name: string; teams: readonly string[] }

/** A tournament as it would be after so many people did so much, made without a browser. */
export async function seed(url: string, seeding: Seeding): Promise<Seeded> {
  const { name, players = [], limit = Math.max(2, players.length), teams = { preset: 'nations' } } = seeding
  const { drawMode = 'any', picks = 'unique', team = (index) => index } = seeding
  const made = await tournamentWith(url, 0, { name, limit, teams, drawMode, picks })
  const { id } = made
  const list = (await must(url, 'getTournament', { path: { id } })).body.teams
  const joined: Joined[] = []
  for (const [index, [firstName, lastName]] of players.entries()) {
    const { body } = await must(url, 'joinTournament', {
      path: { id },
      body: { firstName, lastName, showsFullName: seeding.showsFullName === true },
    })
    const player = { id: body.playerId, token: body.playerToken }
    joined.push(player)
    if (index >= (seeding.picked ?? players.length)) continue
    await pick(url, id, player, list[team(index)]!, randomBytes(32).toString('hex'))
  }
  return { ...made, name, players: joined, teams: list }
}

export async function drawNow(url: string, { id, organizer }: TournamentMade): Promise<void> {
  await must(url, 'drawTeams', { path: { id }, token: organizer, body: {} })
}

/** Puts what a device remembers there before its first page: the organiser's token, or a player's seat. */
function remembering(entries: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(entries).map(
    ([key, value]) =>
      `localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(JSON.stringify(value))})`,
  )
  // Once: what the app itself writes later must outlive a reload.
  return `if (!localStorage.getItem('seeded')) { localStorage.setItem('seeded', 'yes'); ${lines.join('; ')} }`
}

/** The organiser's laptop. */
export async function openHost(
  browser: Browser,
  url: string,
  made: TournamentMade & { name?: string },
  options: DeviceOptions = {},
): Promise<Device> {
  const { id, organizer: token, name = 'Cup' } = made
  const hosting = { token, name, createdAt: new Date().toISOString() }
  const initScript = `${options.initScript ?? ''};${remembering({ [`matchday.host.${id}`]: hosting })}`
  const device = await openDevice(browser, url, {
    size: 'laptop',
    serviceWorkers: 'block',
    ...options,
    initScript,
  })
  await device.open(`/host/${id}`)
  return device
}

/** The phone of a player who is in already. */
export async function openSeat(
  browser: Browser,
  url: string,
  made: TournamentMade,
  player: Joined,
  options: DeviceOptions = {},
): Promise<Device> {
  const seat = { playerId: player.id, token: player.token, firstName: 'A', lastName: 'B', tournament: 'Cup' }
  const initScript = `${options.initScript ?? ''};${remembering({ [`matchday.seat.${made.id}`]: seat })}`
  const device = await openDevice(browser, url, { serviceWorkers: 'block', ...options, initScript })
  await device.open(`/t/${made.id}`)
  return device
}
