import { type DrawProof, verifyProof } from '@matchday/competition'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Device, launchBrowser, openDevice } from '../support/browser.ts'
import { tellInChapters } from '../support/chapters.ts'
import { must, wholeLog } from '../support/client.ts'
import {
  fillIn,
  joinBy,
  openPhone,
  type Phone,
  people,
  pickOn,
  readRevealLog,
  revealLog,
  rowOf,
  shownName,
  teamTile,
} from '../support/phones.ts'
import { decodeQr } from '../support/qr.ts'

/** What everybody in the room sees of a step, on a machine that runs twelve browsers at once. */
const togetherMs = 2_000
const revealWaitMs = 60_000
/** Of the twelve steps of a reveal of ten, on a machine that is busy. */
const stepsLeftOutMax = 2
const chapterTimeoutMs = 90_000
/** One process is there in seconds; many take longer. */
const startMs = 180_000

/** Where it happens, and how to end it, folders and all. */
export type Running = { readonly url: string; stop(): Promise<unknown> }

/**
 * The main job from an empty page to the archive, in real browsers. The tests are the chapters of one evening: each goes
 * on where the one before has ended.
 */
export function tellTheStory(start: () => Promise<Running>): void {
  let matchday: Running
  let browser: Browser
  let host: Device
  let wall: Device
  let phones: Phone[] = []
  let scanned = ''
  let id = ''
  let teams: readonly string[] = []
  /** Devices on which everything of this evening happens; none of them may ever have a problem. */
  const devices: Device[] = []

  beforeAll(async () => {
    matchday = await start()
    browser = await launchBrowser()
    host = await openDevice(browser, matchday.url, { size: 'projector', initScript: revealLog })
    devices.push(host)
  }, startMs)

  tellInChapters()

  afterAll(async () => {
    await browser?.close()
    await matchday?.stop()
  })

  async function phoneOf(index: number, options: Parameters<typeof openPhone>[3] = {}): Promise<Phone> {
    // Phones in the room load the page over plain http, where there are no service workers.
    const phone = await openPhone(browser, matchday.url, people[index]!, {
      initScript: revealLog,
      serviceWorkers: 'block',
      ...options,
    })
    devices.push(phone)
    return phone
  }

  async function state() {
    return (await must(matchday.url, 'getTournament', { path: { id } })).body
  }

  async function ownTeamOn(phone: Phone): Promise<string | null> {
    return phone.byId('own-team').getAttribute('data-team', { timeout: revealWaitMs })
  }

  async function resultOn(device: Device): Promise<string[]> {
    await device.byId('draw-result').waitFor({ timeout: revealWaitMs })
    const rows = await device.page.evaluate<
      string[]
    >(`[...document.querySelectorAll('[data-testid=result-row]')]
    .map((row) => row.querySelector('.result-team').textContent + ' ' + row.querySelector('.result-player').title)`)
    return rows.toSorted()
  }

  describe('an evening with ten players', { timeout: chapterTimeoutMs }, () => {
    it('the organiser has a tournament after at most three interactions', async () => {
      await host.open('/')
      await host.type([host.page.getByLabel('Name of the tournament'), 'Friday Night Cup'])
      await host.tap(host.button('Create tournament'))
      await host.byId('join-qr').waitFor()
      expect(host.interactions).toBeLessThanOrEqual(3)
      id = new URL(host.page.url()).pathname.split('/')[2] ?? ''
      expect(await state()).toMatchObject({
        name: 'Friday Night Cup',
        limit: 10,
        status: 'open',
        joining: true,
      })
    })

    it('the QR code on the wall can be read from a picture of it, and leads to the tournament', async () => {
      wall = await openDevice(browser, matchday.url, { size: 'projector', initScript: revealLog })
      devices.push(wall)
      await wall.open(`/screen/${id}`)
      await wall.byId('join-qr').waitFor()
      scanned = decodeQr(await host.page.screenshot())
      expect(decodeQr(await wall.page.screenshot())).toBe(scanned)
      const { joinUrl, joinCode, teams: list } = await state()
      teams = list
      expect(scanned).toBe(joinUrl)
      expect(new URL(scanned).pathname).toBe(`/j/${joinCode}`)
      expect(await host.byId('join-code').getAttribute('data-code')).toBe(joinCode)
    })

    it('players scan, say who they are, and are in after at most three interactions, live on the wall', async () => {
      phones = await Promise.all([
        phoneOf(0, { serviceWorkers: 'allow' }),
        phoneOf(1, { reducedMotion: 'reduce' }),
        phoneOf(2),
        phoneOf(3),
      ])
      for (const phone of phones) {
        await joinBy(phone, scanned)
        expect(phone.interactions).toBeLessThanOrEqual(3)
        await Promise.all([host, wall].map((screen) => rowOf(screen, shownName(phone)).waitFor()))
      }
      await host.byId('seats-left').getByText('6 seats left').waitFor()
      expect((await state()).players.map(({ firstName }) => firstName)).toEqual([
        'Ana',
        'Ben',
        'Chiara',
        'Dmitri',
      ])
    })

    it('a closed door is told at the door, and opens again', async () => {
      await host.tap(host.byId('joining-toggle'))
      await wall.page.getByText('Joining is closed').waitFor()
      const late = await phoneOf(4)
      await late.open(scanned)
      await late.page.getByRole('heading', { name: 'Joining is closed' }).waitFor()
      expect(await late.page.getByLabel('First name').count()).toBe(0)

      await host.tap(host.button('Open joining'))
      await wall.page.getByText('Scan to join').waitFor()
      await late.open(scanned)
      // The door may close while somebody is still typing, too.
      await fillIn(late)
      await host.tap(host.button('Close joining'))
      await host.button('Open joining').waitFor()
      await late.tap(late.button('I’m in'))
      await late.page.getByRole('alert').getByText('The organiser has closed joining.').waitFor()
      await host.tap(host.button('Open joining'))
      await host.button('Close joining').waitFor()
      await late.tap(late.button('I’m in'))
      await late.byId('confirm-pick').waitFor()
      phones.push(late)
    })

    it('one is taken out: his phone says so at once, and his seat is free', async () => {
      const intruder = await openPhone(browser, matchday.url, ['Zoe', 'Wrong-Room'])
      await joinBy(intruder, scanned)
      await rowOf(host, 'Zoe W.').getByRole('button').click()
      await host.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
      await intruder.page.getByRole('heading', { name: 'You are not in any more' }).waitFor()
      await rowOf(wall, 'Zoe W.').waitFor({ state: 'detached' })
      await wall.byId('seats-left').getByText('5 seats left').waitFor()
      expect(intruder.problems).toEqual([])
      await intruder.context.close()
    })

    it('the rest comes in together', async () => {
      const rest = await Promise.all([5, 6, 7, 8, 9].map((index) => phoneOf(index)))
      await Promise.all(rest.map((phone) => joinBy(phone, scanned)))
      phones.push(...rest)
      await host.byId('seats-left').getByText('All seats taken').waitFor()
      const eleventh = await openDevice(browser, matchday.url)
      await eleventh.open(scanned)
      await eleventh.page.getByRole('heading', { name: 'All seats are taken' }).waitFor()
      await eleventh.context.close()
    })

    it('what one looks at, the others see', async () => {
      const [ana, ben] = [phones[0]!, phones[1]!]
      await ana.tap(teamTile(ana, teams[3]!))
      await Promise.all(
        [ben, phones[7]!].map((other) => teamTile(other, teams[3]!).getByText('Ana looking').waitFor()),
      )
      await Promise.all(
        [host, wall].map((screen) => rowOf(screen, 'Ana S.').getByText(`looks at ${teams[3]}`).waitFor()),
      )
      await ana.tap(teamTile(ana, teams[0]!))
      await teamTile(ben, teams[0]!).getByText('Ana looking').waitFor()
      await teamTile(ben, teams[3]!).getByText('Ana looking').waitFor({ state: 'detached' })
    })

    it('everybody picks another team, and a taken one can be picked by nobody else', async () => {
      expect(await host.byId('draw-button').isDisabled()).toBe(true)
      // Ana is looking at hers already.
      await phones[0]!.tap(phones[0]!.byId('confirm-pick'))
      const others = phones.slice(1)
      await Promise.all(
        others.map((phone) => teamTile(phone, teams[0]!).getByText('taken by Ana S.').waitFor()),
      )
      expect(await teamTile(phones[1]!, teams[0]!).isDisabled()).toBe(true)
      await Promise.all(others.map((phone, index) => pickOn(phone, teams[index + 1]!)))
      await host.page.getByText('Everybody has picked. Ready when you are.').waitFor()
      const picks = (await state()).players.map(({ firstName, pick }) => `${firstName} ${pick}`)
      expect(picks.toSorted()).toEqual(phones.map(({ firstName }, index) => `${firstName} ${teams[index]}`))
      for (const phone of phones) expect(await rowOf(phone, shownName(phone)).count()).toBe(1)
    })

    it('the draw is revealed everywhere at the same time; who skips, or wants no motion, has it at once', async () => {
      await host.tap(host.byId('draw-button'))
      const [skipper, still] = [phones[4]!, phones[1]!]
      await skipper.tap(skipper.button('Skip'))
      const early = await Promise.all([skipper, still].map(ownTeamOn))
      await host.byId('reveal').waitFor()

      const watching = [host, wall, ...phones.filter((phone) => phone !== skipper && phone !== still)]
      await Promise.all([resultOn(host), resultOn(wall)])
      const drawn = await state()
      expect(early).toEqual(
        [skipper, still].map((phone) => drawn.players.find((one) => one.firstName === phone.firstName)?.team),
      )
      await Promise.all(phones.map(ownTeamOn))
      const logs = await Promise.all(watching.map(readRevealLog))
      const order = ['intro', ...drawn.players.map((one) => `${one.firstName} ${one.lastName}`), 'none']
      for (const log of logs) {
        const seen = new Set(log.map(({ shown }) => shown))
        // In order and each once. A screen that has no processor for a second leaves a step out rather than be late.
        expect(log.map(({ shown }) => shown)).toEqual(order.filter((shown) => seen.has(shown)))
        expect(order.length - log.length).toBeLessThanOrEqual(stepsLeftOutMax)
      }
      const spreads = order.map((step) => {
        const times = logs.flatMap((log) => log.filter(({ shown }) => shown === step).map(({ at }) => at))
        return Math.max(...times) - Math.min(...times)
      })
      console.log(`the same step on ${logs.length} screens, at most ${Math.max(...spreads)} ms apart`)
      expect(Math.max(...spreads)).toBeLessThan(togetherMs)
    })

    it('every screen shows the result that the API tells and the proof proves', async () => {
      const { players } = await state()
      const { body } = await must(matchday.url, 'getDrawProof', { path: { id } })
      // The document's own contract is the verifier's: it says first whether it is one.
      const proof = body as unknown as DrawProof
      expect(verifyProof(body, { tournamentId: id })).toMatchObject({ ok: true })
      const proven = new Map<string, string>(proof.assignments.map(({ playerId, team }) => [playerId, team]))
      expect(players.map((one) => proven.get(one.id))).toEqual(players.map(({ team }) => team))
      expect(players.map(({ team }) => team).toSorted()).toEqual([...teams].toSorted())
      expect(proof.entrants.filter(({ contribution }) => contribution !== null)).toHaveLength(10)

      for (const phone of phones) {
        const player = players.find(({ firstName }) => firstName === phone.firstName)
        expect(await ownTeamOn(phone)).toBe(player?.team)
      }
      const height = await phones[0]!.page.evaluate<number>(
        `parseFloat(getComputedStyle(document.querySelector('[data-testid=own-team] h1')).fontSize)`,
      )
      expect(height).toBeGreaterThanOrEqual(32)
      const result = players.map((one) => `${one.team} ${one.firstName} ${one.lastName}`).toSorted()
      expect(await resultOn(host)).toEqual(result)
      expect(await resultOn(wall)).toEqual(result)
    })
  })

  describe('afterwards', { timeout: chapterTimeoutMs }, () => {
    async function verdictOn(device: Device, holds: boolean): Promise<void> {
      await device.page.locator(`[data-testid=check-result][data-ok=${holds}]`).waitFor()
    }

    async function paste(device: Device, document: string): Promise<void> {
      const area = device.page.getByLabel('Proof (JSON)')
      if (!(await area.isVisible())) await device.page.getByText('Check another proof').click()
      await area.fill(document)
    }

    /** One digit or letter of the document changed, in each of its parts. */
    function forgeries(text: string): [string, string][] {
      const proof = JSON.parse(text)
      const flip = (word: string) => (word.startsWith('a') ? 'b' : 'a') + word.slice(1)
      const forged = (change: (copy: typeof proof) => void) => {
        const copy = structuredClone(proof)
        change(copy)
        return JSON.stringify(copy)
      }
      return [
        ['the secret', forged((copy) => (copy.seed = flip(copy.seed)))],
        ['the commitment', forged((copy) => (copy.commitment = flip(copy.commitment)))],
        [
          'a contribution',
          forged((copy) => (copy.entrants[3].contribution = flip(copy.entrants[3].contribution))),
        ],
        ['a pick', forged((copy) => (copy.entrants[5].pick = flip(copy.entrants[5].pick)))],
        ['a team', forged((copy) => (copy.assignments[7].team = flip(copy.assignments[7].team)))],
        ['the list’s hash', forged((copy) => (copy.entrantsHash = flip(copy.entrantsHash)))],
      ]
    }

    it('a player checks the draw on his own phone: green, and red for any byte that is flipped, offline too', async () => {
      const ana = phones[0]!
      await ana.tap(ana.page.getByRole('link', { name: 'Check this draw' }))
      await verdictOn(ana, true)
      const { text } = await must(matchday.url, 'getDrawProof', { path: { id } })
      const { entrants }: DrawProof = JSON.parse(text)
      const own = entrants.find(({ name }) => name === 'Ana S.')?.contribution
      await ana
        .byId('own-share')
        .getByText(own ?? 'none')
        .waitFor()

      // The next load goes through the service worker, which keeps the answers for when there is no network.
      await ana.page.evaluate('navigator.serviceWorker.ready.then(() => true)')
      await ana.page.reload()
      await verdictOn(ana, true)
      await ana.context.setOffline(true)
      await ana.page.reload()
      await verdictOn(ana, true)
      for (const [what, forged] of forgeries(text)) {
        await paste(ana, forged)
        await verdictOn(ana, false)
        const failed = await ana.page.locator('.check-line[data-ok=false]').count()
        expect(failed, what).toBeGreaterThan(0)
        await paste(ana, text)
        await verdictOn(ana, true)
      }
      await ana.context.setOffline(false)
      await ana.open(`/t/${id}`)
      await ownTeamOn(ana)
    })

    it('a draw is made void with a reason that all can read, and every phone adds to the next one', async () => {
      const reason = 'Jonas was at the bar'
      await host.button('Draw again').click()
      expect(await host.button('Void the draw').isDisabled()).toBe(true)
      await host.page.getByLabel('Reason').fill(reason)
      await host.button('Void the draw').click()
      await Promise.all(
        phones.map((phone) => phone.page.getByText(`The draw was voided: ${reason}`).waitFor()),
      )
      const added = async () =>
        (await wholeLog(matchday.url, id)).filter(({ type }) => type === 'contribution-added').length
      await expect.poll(added, { timeout: 15_000 }).toBe(10)

      await host.byId('draw-button').click()
      for (const device of [host, wall, ...phones]) {
        await device.byId('reveal').or(device.byId('own-team')).first().waitFor()
        await device.page.keyboard.press('x')
      }
      const { players, draws } = await state()
      expect(draws.map(({ status }) => status)).toEqual(['void', 'drawn'])
      for (const phone of phones) {
        const player = players.find(({ firstName }) => firstName === phone.firstName)
        expect(await ownTeamOn(phone)).toBe(player?.team)
      }
      await wall.page.getByText('1 earlier draw is void').waitFor()
      const ben = phones[1]!
      await ben.tap(ben.page.getByRole('link', { name: 'Check this draw' }))
      await verdictOn(ben, true)
      await ben.page.getByText(`Draw no. 1: ${reason}`).waitFor()
      await ben.open(`/t/${id}/check?attempt=1`)
      await verdictOn(ben, true)
    })

    it('archived, every screen can still be read', async () => {
      await host.button('Archive').click()
      await host.page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
      await host.page.getByText('This tournament is over. It can only be read.').waitFor()
      await wall.page.getByText('Archived', { exact: true }).waitFor()
      expect((await state()).status).toBe('archived')
    })

    it('every address can be opened late, by somebody who has never been here', async () => {
      const visitor = await openDevice(browser, matchday.url)
      devices.push(visitor)
      const { joinCode } = await state()
      const champion = `${teams[0]}`
      const pages: [path: string, shows: string][] = [
        ['/', 'Create tournament'],
        [`/host/${id}`, 'This tournament is over.'],
        [`/screen/${id}`, champion],
        [`/t/${id}`, 'Friday Night Cup'],
        [`/t/${id}/check`, 'This draw holds.'],
        [`/t/${id}/pass`, 'This pass is no longer good.'],
        ['/j', 'Type the code from the big screen'],
        // An archived tournament has given back its code.
        [`/j/${joinCode}`, 'No tournament has this code.'],
        ['/j/ZZZZZZ', 'No tournament has this code.'],
        ['/host/nonsense', 'No such tournament'],
        ['/t/01890000-0000-7000-8000-000000000000', 'No such tournament'],
        ['/offside', 'There is nothing at this address.'],
      ]
      for (const [path, shows] of pages) {
        await visitor.open(path)
        await visitor.page.getByText(shows).first().waitFor()
      }
    })

    it('nothing went wrong on any screen all evening', () => {
      expect(devices.flatMap(({ problems }) => problems)).toEqual([])
    })
  })
}
