import type { Browser } from 'playwright-core'
import { type Device, openDevice, type Size, untilLive, untilLost } from './browser.ts'
import { must } from './client.ts'
import type { Person } from './people.ts'
import { people, rowOf, teamTile } from './phones.ts'
import { drawNow, openHost, openSeat, type Seeded, type Seeding, seed } from './seeding.ts'

/** `root` is the superadministrator, who approves organisations there. */
export type Gallery = { browser: Browser; url: string; root: Person }
/** One screen in one state, and in which sizes it is seen. `open` resolves when it looks as it should. */
export type Picture = { sizes: readonly Size[]; open(gallery: Gallery): Promise<Device> }

const everywhere = ['phone', 'laptop', 'projector'] as const
const onWall = ['laptop', 'projector'] as const
/** Nothing moves, so that two runs give the same pictures; the reveal is the exception. */
const still = { reducedMotion: 'reduce', serviceWorkers: 'block' } as const

const firstNames = [
  ...'Ada Bo Cem Dora Emil Fatma Gil Hana Ivo Juna Kai Lea Max Nora Omar Pia'.split(' '),
] as const
const lastNames = ['Lovelace', 'Nakamura', 'van den Heuvel', 'Öztürk'] as const
const sixtyFour = Array.from(
  { length: 64 },
  (_, index) => [firstNames[index % 16]!, lastNames[Math.floor(index / 16)]!] as const,
)

let cups = 0
/** Names of tournaments are unique, so each gets a number that looks as if it belonged there. */
async function cup({ url }: Gallery, seeding: Partial<Seeding> = {}): Promise<Seeded> {
  cups++
  return seed(url, { name: `Friday Night Cup ${cups}`, teams: { preset: 'classic' }, ...seeding })
}

async function plain({ browser, url }: Gallery, path: string): Promise<Device> {
  const device = await openDevice(browser, url, still)
  await device.open(path)
  await device.page.locator('h1').first().waitFor()
  return device
}

async function host({ browser, url }: Gallery, made: Seeded): Promise<Device> {
  const device = await openHost(browser, url, made, still)
  await device.page.locator('h1').first().waitFor()
  return device
}

async function seat({ browser, url }: Gallery, made: Seeded, index: number): Promise<Device> {
  const device = await openSeat(browser, url, made, made.players[index]!, still)
  await device.page.locator('h1').first().waitFor()
  return device
}

/** In the middle of the reveal, which goes on while its pictures are taken. */
async function revealing(device: Device): Promise<Device> {
  await device.page.locator('.stage-board li').nth(2).waitFor()
  return device
}

export const shots: Readonly<Record<string, Picture>> = {
  create: { sizes: everywhere, open: (gallery) => plain(gallery, '/') },
  'create-own-list': {
    sizes: everywhere,
    async open(gallery) {
      const device = await plain(gallery, '/')
      await device.page.getByLabel('Name of the tournament').fill('Office League')
      await device.page.getByText('More options').click()
      await device.page.getByRole('radio', { name: /Own list/ }).check()
      await device.page.getByLabel('Your teams').fill('Accounts\nSales\nLegal eagles\nThe Basement')
      return device
    },
  },
  'create-error': {
    sizes: everywhere,
    async open(gallery) {
      const { name } = await cup(gallery)
      const device = await plain(gallery, '/')
      await device.page.getByLabel('Name of the tournament').fill(name)
      await device.button('Create tournament').click()
      await device.page.getByText('Another tournament has this name.').waitFor()
      return device
    },
  },
  'create-with-own-tournaments': {
    sizes: everywhere,
    async open(gallery) {
      const device = await host(gallery, await cup(gallery))
      await device.open('/')
      await device.page.getByText('On this device').waitFor()
      return device
    },
  },
  'host-empty': {
    sizes: everywhere,
    open: async (gallery) => host(gallery, await cup(gallery, { limit: 10 })),
  },
  'host-two-players': {
    sizes: everywhere,
    open: async (gallery) => host(gallery, await cup(gallery, { players: people.slice(0, 2), picked: 1 })),
  },
  'host-ten-players': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 12, players: people, picked: 6, teams: { preset: 'clubs' } })
      const device = await host(gallery, made)
      const phone = await seat(gallery, made, 8)
      // What somebody looks at is told once; who is not yet listening never hears of it.
      await Promise.all([device, phone].map(untilLive))
      await teamTile(phone, made.teams[20]!).click()
      await device.page.getByText(`looks at ${made.teams[20]}`).waitFor()
      await phone.context.close()
      return device
    },
  },
  'host-sixty-four-players': {
    sizes: everywhere,
    open: async (gallery) =>
      host(gallery, await cup(gallery, { players: sixtyFour, picked: 50, teams: { preset: 'nations' } })),
  },
  'host-closed': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people.slice(0, 4), picked: 2 })
      await closeJoining(gallery, made)
      return host(gallery, made)
    },
  },
  'host-ready': {
    sizes: everywhere,
    open: async (gallery) => host(gallery, await cup(gallery, { players: people })),
  },
  'host-blocked': {
    sizes: everywhere,
    open: async (gallery) =>
      host(
        gallery,
        await cup(gallery, {
          players: people.slice(0, 5),
          picks: 'shared',
          drawMode: 'derangement',
          team: (index) => (index < 4 ? 5 : 2),
        }),
      ),
  },
  'host-remove': {
    sizes: everywhere,
    async open(gallery) {
      const device = await host(gallery, await cup(gallery, { players: people, picked: 3 }))
      await rowOf(device, 'Greta L.').getByRole('button').click()
      await device.page.getByRole('dialog').waitFor()
      return device
    },
  },
  'host-reveal': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { players: people })
      const device = await openHost(gallery.browser, gallery.url, made)
      await untilLive(device)
      await drawNow(gallery.url, made)
      return revealing(device)
    },
  },
  'host-result': { sizes: everywhere, open: async (gallery) => host(gallery, await drawn(gallery, people)) },
  'host-result-two': {
    sizes: everywhere,
    open: async (gallery) => host(gallery, await drawn(gallery, people.slice(0, 2))),
  },
  'host-result-sixty-four': {
    sizes: everywhere,
    open: async (gallery) => host(gallery, await drawn(gallery, sixtyFour)),
  },
  'host-redraw': {
    sizes: everywhere,
    async open(gallery) {
      const device = await host(gallery, await drawn(gallery, people))
      await device.button('Draw again').click()
      await device.page.getByLabel('Reason').fill('Jonas was at the bar')
      return device
    },
  },
  'host-archived': {
    sizes: everywhere,
    async open(gallery) {
      const made = await drawn(gallery, people)
      await must(gallery.url, 'archiveTournament', { path: { id: made.id }, token: made.organizer })
      return host(gallery, made)
    },
  },
  'screen-ten-players': {
    sizes: onWall,
    open: async (gallery) =>
      plain(
        gallery,
        `/screen/${(await cup(gallery, { limit: 12, players: people, picked: 6, teams: { preset: 'clubs' } })).id}`,
      ),
  },
  'screen-sixty-four-players': {
    sizes: onWall,
    async open(gallery) {
      const made = await cup(gallery, { players: sixtyFour, picked: 50, teams: { preset: 'nations' } })
      return plain(gallery, `/screen/${made.id}`)
    },
  },
  'screen-result-sixty-four': {
    sizes: onWall,
    open: async (gallery) => plain(gallery, `/screen/${(await drawn(gallery, sixtyFour)).id}`),
  },
  'screen-result': {
    sizes: onWall,
    open: async (gallery) => plain(gallery, `/screen/${(await drawn(gallery, people)).id}`),
  },
  'join-code': { sizes: everywhere, open: (gallery) => plain(gallery, '/j') },
  'join-unknown-code': { sizes: everywhere, open: (gallery) => plain(gallery, '/j/ZZZZZZ') },
  join: {
    sizes: everywhere,
    open: async (gallery) => plain(gallery, `/j/${(await cup(gallery, { limit: 10 })).joinCode}`),
  },
  'join-error': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people.slice(0, 1) })
      const device = await plain(gallery, `/j/${made.joinCode}`)
      await device.page.getByLabel('First name').fill('ana')
      await device.page.getByLabel('Last name').fill('silva')
      await device.button('I’m in').click()
      await device.page.getByText('Somebody with this name is already in.').waitFor()
      return device
    },
  },
  'join-locked': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10 })
      await closeJoining(gallery, made)
      return plain(gallery, `/j/${made.joinCode}`)
    },
  },
  'join-full': {
    sizes: everywhere,
    open: async (gallery) =>
      plain(gallery, `/j/${(await cup(gallery, { players: people.slice(0, 2) })).joinCode}`),
  },
  'player-picking': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people, picked: 4 })
      const device = await seat(gallery, made, 9)
      const others = await Promise.all([5, 6].map((index) => seat(gallery, made, index)))
      await Promise.all([device, ...others].map(untilLive))
      for (const other of others) await teamTile(other, made.teams[6]!).click()
      await teamTile(device, made.teams[6]!).getByText('looking').waitFor()
      await teamTile(device, made.teams[7]!).click()
      for (const other of others) await other.context.close()
      return device
    },
  },
  'player-picking-many': {
    sizes: everywhere,
    open: async (gallery) =>
      seat(
        gallery,
        await cup(gallery, { limit: 20, players: people, picked: 5, teams: { preset: 'clubs' } }),
        9,
      ),
  },
  'player-waiting': {
    sizes: everywhere,
    open: async (gallery) =>
      seat(
        gallery,
        await cup(gallery, { limit: 12, players: people, picked: 7, teams: { preset: 'clubs' } }),
        2,
      ),
  },
  'player-ready': {
    sizes: everywhere,
    open: async (gallery) => seat(gallery, await cup(gallery, { players: people }), 2),
  },
  'player-voided': {
    sizes: everywhere,
    async open(gallery) {
      const made = await drawn(gallery, people)
      const body = { reason: 'Jonas was at the bar' }
      await must(gallery.url, 'voidDraw', { path: { id: made.id }, token: made.organizer, body })
      return seat(gallery, made, 2)
    },
  },
  'player-pass': {
    sizes: everywhere,
    async open(gallery) {
      const device = await seat(gallery, await cup(gallery, { players: people }), 2)
      await device.byId('my-pass').click()
      await device.byId('pass-qr').locator('svg').waitFor()
      return device
    },
  },
  'player-reveal': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { players: people })
      const device = await openSeat(gallery.browser, gallery.url, made, made.players[2]!)
      await untilLive(device)
      await drawNow(gallery.url, made)
      return revealing(device)
    },
  },
  'player-result': {
    sizes: everywhere,
    open: async (gallery) => seat(gallery, await drawn(gallery, people), 2),
  },
  'player-removed': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people.slice(0, 3) })
      const device = await seat(gallery, made, 2)
      await must(gallery.url, 'removePlayer', {
        path: { id: made.id, playerId: made.players[2]!.id },
        token: made.organizer,
      })
      await device.page.getByText('You are not in any more').waitFor()
      return device
    },
  },
  'player-moved': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people.slice(0, 3) })
      const device = await seat(gallery, made, 2)
      const { id: playerId, token } = made.players[2]!
      await must(gallery.url, 'movePass', { path: { id: made.id, playerId }, token })
      await device.page.getByText('Your seat has moved').waitFor()
      return device
    },
  },
  'pass-take-over': {
    sizes: everywhere,
    async open(gallery) {
      const made = await cup(gallery, { limit: 10, players: people.slice(0, 3) })
      const { id, token } = made.players[2]!
      return plain(gallery, `/t/${made.id}/pass#${id}.${token}`)
    },
  },
  watching: {
    sizes: everywhere,
    open: async (gallery) =>
      plain(gallery, `/t/${(await cup(gallery, { limit: 10, players: people.slice(0, 6), picked: 3 })).id}`),
  },
  'check-not-drawn': {
    sizes: everywhere,
    async open(gallery) {
      const device = await plain(gallery, `/t/${(await cup(gallery, { players: people })).id}/check`)
      await device.byId('check-result').waitFor()
      return device
    },
  },
  'check-green': {
    sizes: everywhere,
    async open(gallery) {
      const device = await plain(gallery, `/t/${(await drawn(gallery, people)).id}/check`)
      await device.page.locator('[data-testid=check-result][data-ok=true]').waitFor()
      return device
    },
  },
  'check-red': {
    sizes: everywhere,
    async open(gallery) {
      const device = await plain(gallery, `/t/${(await drawn(gallery, people)).id}/check`)
      await device.byId('tamper').click()
      await device.page.locator('[data-testid=check-result][data-ok=false]').waitFor()
      await device.page.evaluate('scrollTo(0, 0)')
      return device
    },
  },
  'not-found': { sizes: everywhere, open: (gallery) => plain(gallery, '/offside') },
  'no-tournament': {
    sizes: everywhere,
    open: (gallery) => plain(gallery, '/t/01890000-0000-7000-8000-000000000000'),
  },
  'connection-lost': {
    sizes: everywhere,
    async open(gallery) {
      const device = await seat(gallery, await cup(gallery, { limit: 10, players: people, picked: 4 }), 9)
      await lose(device)
      return device
    },
  },
  'host-connection-lost': {
    sizes: everywhere,
    async open(gallery) {
      const device = await host(
        gallery,
        await cup(gallery, { limit: 12, players: people, picked: 6, teams: { preset: 'clubs' } }),
      )
      await lose(device)
      return device
    },
  },
}

async function drawn(gallery: Gallery, players: Seeding['players'] & {}): Promise<Seeded> {
  const made = await cup(gallery, {
    players,
    teams: { preset: players.length > 10 ? 'nations' : 'classic' },
  })
  await drawNow(gallery.url, made)
  return made
}

async function closeJoining({ url }: Gallery, { id, organizer }: Seeded): Promise<void> {
  await must(url, 'setJoining', { path: { id }, token: organizer, body: { open: false } })
}

async function lose(device: Device): Promise<void> {
  await untilLive(device)
  await device.context.setOffline(true)
  await untilLost(device)
}
