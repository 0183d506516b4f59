import { pauseProcess } from '@matchday/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Device, launchBrowser, openDevice, untilLive, untilLost } from '../support/browser.ts'
import { call, join, must, pick, type TournamentMade, tournamentWith } from '../support/client.ts'
import { flakyLine } from '../support/flaky-line.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { fillIn, joinBy, openPhone, type Phone, pickOn, rowOf, teamTile } from '../support/phones.ts'
import { decodeQr } from '../support/qr.ts'
import { openHost } from '../support/seeding.ts'

/** Promised: a lost connection is told within this. */
const toldWithinMs = 5_000
/** Promised: a phone that slept shows how things are within this. */
const awakeWithinMs = 2_000
/** What reading a page costs a machine that has other things to do, on top of a promise. */
const measuringMs = 700
const healsWithinMs = 20_000
const testTimeoutMs = 90_000

let folder = ''
let matchday: Matchday
let browser: Browser
const opened: Device[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  matchday = await startMatchday({ dataDirectory: folder })
  browser = await launchBrowser()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ context }) => context.close()))
})
afterAll(async () => {
  await browser?.close()
  await matchday?.stop()
  await removeFolder(folder)
})

async function cup(players = 0, limit = 6): Promise<TournamentMade> {
  return tournamentWith(matchday.url, players, { limit, teams: { preset: 'classic' } })
}

async function phone(firstName: string, options: Parameters<typeof openPhone>[3] = {}): Promise<Phone> {
  const device = await openPhone(browser, matchday.url, [firstName, 'Silva'], {
    serviceWorkers: 'block',
    ...options,
  })
  opened.push(device)
  return device
}

async function screen(path: string): Promise<Device> {
  const device = await openDevice(browser, matchday.url, { size: 'projector', serviceWorkers: 'block' })
  opened.push(device)
  await device.open(path)
  return device
}

async function state(id: string) {
  return (await must(matchday.url, 'getTournament', { path: { id } })).body
}

/** Resolves to the milliseconds that it took. */
async function took(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work
  return performance.now() - startedAt
}

/** Everything that a person can read on the page. */
async function readable(device: Device): Promise<string> {
  return (await device.page.locator('#content').textContent()) ?? ''
}

describe('a seat', { timeout: testTimeoutMs }, () => {
  it('is kept over a refresh, a crash, and in a second tab', async () => {
    const { id, joinUrl } = await cup()
    const ana = await phone('Ana')
    await joinBy(ana, joinUrl)
    await ana.page.reload()
    await ana.byId('confirm-pick').waitFor()

    const second = await ana.context.newPage()
    await second.goto(ana.page.url())
    await second.getByTestId('confirm-pick').waitFor()
    await pickOn(ana, 'PSG')
    await second.getByTestId('own-pick').getByText('PSG').waitFor()

    // What is left after a crash is what the browser has stored.
    const kept = await ana.context.storageState()
    await ana.context.close()
    const again = await phone('Ana', { storageState: kept })
    await again.open(`/t/${id}`)
    await again.byId('own-pick').getByText('PSG').waitFor()
    // Scanning again leads to the seat that one has.
    await again.open(joinUrl)
    await again.byId('own-pick').waitFor()

    const other = await again.context.newPage()
    await other.goto(`${matchday.url}/t/${id}`)
    await other.getByTestId('own-pick').waitFor()
    await again.button('Leave').click()
    await again.button('Leave now').click()
    await Promise.all(
      [again.page, other].map((page) =>
        page.getByRole('heading', { name: 'You are not in any more' }).waitFor(),
      ),
    )
    expect((await state(id)).players).toEqual([])
  })

  it('is one, although the page was loaded again while the answer was on its way', async () => {
    const { id, joinUrl } = await cup()
    const ana = await phone('Ana')
    let answered = 0
    await ana.page.route(`**/api/tournaments/${id}/players`, async (route) => {
      const answer = await route.fetch()
      answered++
      // The first answer is lost on the way.
      if (answered > 1) await route.fulfill({ response: answer })
    })
    await ana.open(joinUrl)
    await fillIn(ana)
    await ana.button('I’m in').click()
    await expect.poll(() => answered, { timeout: healsWithinMs }).toBe(1)
    await ana.page.reload()
    await fillIn(ana)
    await ana.button('I’m in').click()
    await ana.byId('confirm-pick').waitFor()
    expect((await state(id)).players).toHaveLength(1)
  })

  it('moves to another phone by My pass, and the first phone is told', async () => {
    const { id, joinUrl } = await cup()
    const ana = await phone('Ana', { deviceScaleFactor: 2 })
    await joinBy(ana, joinUrl)
    await pickOn(ana, 'PSG')
    await ana.byId('my-pass').click()
    await ana.byId('pass-qr').locator('svg').waitFor()
    const pass = decodeQr(await ana.page.screenshot())
    expect(pass).toBe(await ana.byId('pass-qr').getAttribute('data-url'))

    const next = await phone('Ana')
    await next.open(pass)
    await next.page.getByText('Ana S., move your seat to this device?').waitFor()
    await next.button('Move it here').click()
    await next.byId('own-pick').getByText('PSG').waitFor()
    await ana.page.getByRole('heading', { name: 'Your seat has moved' }).waitFor()
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'Your seat has moved' }).waitFor()

    const [playerId = '', ...token] = new URL(pass).hash.slice(1).split('.')
    const { status, problem } = await call(matchday.url, 'getSeat', {
      path: { id, playerId },
      token: token.join('.'),
    })
    expect([status, problem.code]).toEqual([401, 'pass-moved'])
    const third = await phone('Ana')
    await third.open(pass)
    await third.page.getByText('This pass is no longer good.').waitFor()
    expect((await state(id)).players).toHaveLength(1)
  })

  it('that the organiser has taken away is gone when the phone comes back, too', async () => {
    const { id, joinUrl, organizer } = await cup()
    const ana = await phone('Ana')
    await joinBy(ana, joinUrl)
    const kept = await ana.context.storageState()
    await ana.context.close()
    const [player] = (await state(id)).players
    await must(matchday.url, 'removePlayer', { path: { id, playerId: player!.id }, token: organizer })
    const again = await phone('Ana', { storageState: kept })
    await again.open(`/t/${id}`)
    await again.page.getByRole('heading', { name: 'You are not in any more' }).waitFor()
  })
})

describe('a lost connection', { timeout: testTimeoutMs }, () => {
  it('of the phone is told within five seconds, and heals by itself with everything that was missed', async () => {
    const { id, joinUrl, players } = await cup(1)
    const ana = await phone('Ana')
    await joinBy(ana, joinUrl)
    await untilLive(ana)
    await ana.context.setOffline(true)
    expect(await took(untilLost(ana))).toBeLessThan(toldWithinMs)
    await ana.byId('connection-banner').getByText('Connection lost').waitFor()

    await pick(matchday.url, id, players[0]!, 'PSG')
    await join(matchday.url, id, 'Late')
    await ana.context.setOffline(false)
    await teamTile(ana, 'PSG').getByText('taken by').waitFor({ timeout: healsWithinMs })
    await untilLive(ana)
    expect(await ana.byId('connection-banner').textContent()).toBe('')
  })

  it('of which nothing tells but silence is told within five seconds', async () => {
    const { id, joinUrl } = await cup(3)
    const ana = await phone('Ana')
    const pings = messagesTo(ana)
    await joinBy(ana, joinUrl)
    const wall = await screen(`/screen/${id}`)
    await Promise.all([untilLive(ana), untilLive(wall)])
    // Just after a ping it takes longest until the next one is missed.
    const before = pings.count
    await expect.poll(() => pings.count, { timeout: 10_000, interval: 5 }).toBeGreaterThan(before)
    await pauseProcess(matchday.process.pid!)
    try {
      const tookMs = await took(Promise.all([untilLost(ana), untilLost(wall)]))
      console.log(`silence was told after ${Math.round(tookMs)} ms`)
      expect(tookMs).toBeLessThan(toldWithinMs + measuringMs)
    } finally {
      matchday.process.kill('SIGCONT')
    }
    await Promise.all([untilLive(ana), untilLive(wall)])
    await pickOn(ana, 'PSG')
    await rowOf(wall, 'Ana S.').getByText('PSG').first().waitFor()
  })

  it('heals after the server was killed and started again; all screens show what a fresh one shows', async () => {
    const made = await cup(2)
    const { id, joinUrl } = made
    const [ana, ben] = [await phone('Ana'), await phone('Ben')]
    await joinBy(ana, joinUrl)
    await joinBy(ben, joinUrl)
    await pickOn(ana, 'PSG')
    const wall = await screen(`/screen/${id}`)
    const host = await openHost(browser, matchday.url, made)
    opened.push(host)
    await Promise.all([wall, host].map((device) => rowOf(device, 'Ben S.').waitFor()))
    await Promise.all([ana, ben, wall, host].map(untilLive))

    await matchday.kill()
    const told = await took(Promise.all([ana, ben, wall, host].map((device) => untilLost(device))))
    expect(told).toBeLessThan(toldWithinMs)
    // What is pressed now is sent when the server is back.
    await teamTile(ben, 'Bayern').click()
    await ben.byId('confirm-pick').click()
    await startAgain()
    await ben.byId('own-pick').getByText('Bayern').waitFor({ timeout: healsWithinMs })
    await join(matchday.url, id, 'After the crash')
    await Promise.all([wall, host].map((device) => rowOf(device, 'After the crash').waitFor()))
    await Promise.all([ana, ben, wall, host].map(untilLive))

    const { players, version } = await state(id)
    expect(players.map(({ pick: team }) => team)).toEqual([null, null, 'PSG', 'Bayern', null])
    for (const device of [ana, ben, wall, host]) {
      const healed = await readable(device)
      await device.page.reload()
      await device.page.locator('h1').waitFor()
      await expect.poll(() => readable(device), { timeout: healsWithinMs }).toBe(healed)
    }
    expect((await state(id)).version).toBe(version)
  })

  it('of a late visitor’s first answer shows the result, not the reveal of a draw that is long over', async () => {
    const { id, organizer, players } = await cup(2, 2)
    // The live channel keeps the state as this one has found it, and then tells what has followed.
    const early = await screen(`/screen/${id}`)
    await untilLive(early)
    await pick(matchday.url, id, players[0]!, 'PSG')
    await pick(matchday.url, id, players[1]!, 'Bayern')
    await must(matchday.url, 'drawTeams', { path: { id }, token: organizer, body: {} })
    await early.byId('reveal').waitFor()

    const late = await screen('/offside')
    await late.page.route(`**/api/tournaments/${id}`, () => {})
    await late.open(`/screen/${id}`)
    await untilLive(late)
    expect(await late.byId('reveal').count()).toBe(0)
    await late.byId('draw-result').waitFor()
  })

  it('in the middle of the reveal heals into the same moment that the others see', async () => {
    const { id, organizer, players } = await cup(6)
    for (const [index, player] of players.entries()) {
      await pick(matchday.url, id, player, (await state(id)).teams[index]!)
    }
    const line = await flakyLine(matchday.url)
    try {
      const wall = await screen(`/screen/${id}`)
      const late = await openDevice(browser, line.url, { size: 'laptop', serviceWorkers: 'block' })
      opened.push(late)
      await late.open(`/screen/${id}`)
      await Promise.all([wall, late].map(untilLive))
      line.forget()
      await must(matchday.url, 'drawTeams', { path: { id }, token: organizer, body: {} })
      const drawnAt = performance.now()
      await late.byId('spotlight').waitFor()
      const nameOn = ({ page }: Device) => page.locator('.spotlight-name').textContent()
      const isSame = async () => (await nameOn(wall)) === (await nameOn(late))
      await expect.poll(isSame, { timeout: 8_000, interval: 50 }).toBe(true)
      console.log(`back in the reveal ${Math.round(performance.now() - drawnAt)} ms after the draw`)
    } finally {
      await line.close()
    }
  })

  it('at the door, before the first answer, is told, and the page goes on by itself', async () => {
    const { joinUrl } = await cup()
    const ana = await phone('Ana')
    await ana.open('/j')
    await ana.page.getByLabel('Code').waitFor()
    await ana.context.setOffline(true)
    await ana.page.getByLabel('Code').fill(joinUrl.slice(-6))
    await ana.button('Next').click()
    await ana.page.getByRole('heading', { name: 'No connection' }).waitFor()
    await ana.context.setOffline(false)
    await ana.page.getByLabel('First name').waitFor({ timeout: healsWithinMs })
  })
})

describe('a phone that sleeps', { timeout: testTimeoutMs }, () => {
  type Asleep = {
    wake(): Promise<void>
    /** What stands on the page while it sleeps. */
    shown(): Promise<string>
  }

  /** Stops the page in the middle of what it does: no timer, no message, no frame, until it is woken up. */
  async function asleep({ context, page }: Device): Promise<Asleep> {
    const session = await context.newCDPSession(page)
    await session.send('Debugger.enable')
    const stopped = new Promise<string>((resolve) => {
      session.once('Debugger.paused', ({ callFrames }) => resolve(callFrames[0]?.callFrameId ?? ''))
    })
    await session.send('Debugger.pause')
    // Something has to run for it to stop at.
    const nudge = session.send('Runtime.evaluate', { expression: '0' })
    const callFrameId = await stopped
    return {
      async shown() {
        const expression = `document.querySelector('#content').textContent`
        const { result } = await session.send('Debugger.evaluateOnCallFrame', { callFrameId, expression })
        return String(result.value)
      },
      async wake() {
        await session.send('Debugger.resume')
        await nudge
        await session.detach()
        // What phones tell a page when its user comes back to it.
        await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
      },
    }
  }

  function taken(device: Device, team: string): Promise<void> {
    return teamTile(device, team).getByText('taken by').waitFor()
  }

  it('shows how things are within two seconds after it wakes up', async () => {
    const { id, joinUrl, players } = await cup(3)
    const [ana, ben] = [await phone('Ana'), await phone('Ben')]
    await Promise.all([joinBy(ana, joinUrl), joinBy(ben, joinUrl)])
    await Promise.all([ana, ben].map(untilLive))
    const { wake, shown } = await asleep(ana)
    await pick(matchday.url, id, players[0]!, 'PSG')
    await pick(matchday.url, id, players[1]!, 'Bayern')
    await taken(ben, 'Bayern')
    expect(await shown()).toContain('PSG')
    expect(await shown(), 'it sleeps').not.toContain('taken by')
    const tookMs = await took(wake().then(() => Promise.all([taken(ana, 'PSG'), taken(ana, 'Bayern')])))
    expect(tookMs).toBeLessThan(awakeWithinMs)
  })

  it('does so although its line has died without a word', async () => {
    const { id, joinUrl, players } = await cup(3)
    const line = await flakyLine(matchday.url)
    try {
      const ana = await openPhone(browser, line.url, ['Ana', 'Silva'], { serviceWorkers: 'block' })
      opened.push(ana)
      const ben = await phone('Ben')
      const pings = messagesTo(ben)
      await Promise.all([joinBy(ana, joinUrl), joinBy(ben, joinUrl)])
      await Promise.all([ana, ben].map(untilLive))
      const { wake } = await asleep(ana)
      line.forget()
      await pick(matchday.url, id, players[0]!, 'PSG')
      await taken(ben, 'PSG')
      // A nap longer than two pings: after a shorter one it is the next ping that is missed.
      const before = pings.count
      await expect.poll(() => pings.count - before, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
      const tookMs = await took(wake().then(() => taken(ana, 'PSG')))
      console.log(`awake on a dead line after ${Math.round(tookMs)} ms`)
      expect(tookMs).toBeLessThan(awakeWithinMs)
    } finally {
      await line.close()
    }
  })

  it('is caught by this measure when it wakes up and learns nothing', async () => {
    const { id, joinUrl, players } = await cup(3)
    const line = await flakyLine(matchday.url)
    const ana = await openPhone(browser, line.url, ['Ana', 'Silva'], { serviceWorkers: 'block' })
    opened.push(ana)
    await joinBy(ana, joinUrl)
    await untilLive(ana)
    const { wake } = await asleep(ana)
    line.forget()
    await line.close()
    await pick(matchday.url, id, players[0]!, 'PSG')
    await wake()
    const seen = taken(ana, 'PSG').then(() => true)
    seen.catch(() => {}) // it waits until the page is closed
    const late = new Promise<boolean>((done) => setTimeout(done, awakeWithinMs, false))
    expect(await Promise.race([seen, late])).toBe(false)
  })

  it('does so although the server that it knew is gone, and another is there', async () => {
    const { id, joinUrl, players } = await cup(3)
    const ana = await phone('Ana')
    await joinBy(ana, joinUrl)
    await untilLive(ana)
    const { wake } = await asleep(ana)
    await matchday.stop()
    await startAgain()
    await pick(matchday.url, id, players[2]!, 'PSG')
    expect(await took(wake().then(() => taken(ana, 'PSG')))).toBeLessThan(awakeWithinMs)
  })

  it('learns when it wakes up that the draw is over, or that the seat is gone', async () => {
    const { id, joinUrl, organizer, players } = await cup(2, 3)
    const ana = await phone('Ana', { reducedMotion: 'reduce' })
    await joinBy(ana, joinUrl)
    await pickOn(ana, 'PSG')
    await untilLive(ana)
    const first = await asleep(ana)
    await pick(matchday.url, id, players[0]!, 'Bayern')
    await pick(matchday.url, id, players[1]!, 'Juventus')
    await must(matchday.url, 'drawTeams', { path: { id }, token: organizer, body: {} })
    const drawn = first.wake().then(() => ana.byId('own-team').waitFor())
    expect(await took(drawn)).toBeLessThan(awakeWithinMs)
    const own = (await state(id)).players.find(({ firstName }) => firstName === 'Ana')
    expect(await ana.byId('own-team').getAttribute('data-team')).toBe(own?.team)

    const other = await cup(2, 3)
    await joinBy(ana, other.joinUrl)
    await untilLive(ana)
    const second = await asleep(ana)
    const seat = (await state(other.id)).players.find(({ firstName }) => firstName === 'Ana')
    await must(matchday.url, 'removePlayer', {
      path: { id: other.id, playerId: seat!.id },
      token: other.organizer,
    })
    const gone = ana.page.getByRole('heading', { name: 'You are not in any more' })
    expect(await took(second.wake().then(() => gone.waitFor()))).toBeLessThan(awakeWithinMs)
  })
})

/** Counts the messages of the page's live connections; with nothing happening they are pings. */
function messagesTo({ page }: Device): { count: number } {
  const messages = { count: 0 }
  page.on('websocket', (socket) => socket.on('framereceived', () => messages.count++))
  return messages
}

/** A server on the same port and folder as the one before. */
async function startAgain(): Promise<void> {
  const { port } = new URL(matchday.url)
  matchday = await startMatchday({
    dataDirectory: folder,
    placed: false,
    flags: ['--host', '127.0.0.1', '--port', port, '--data', folder],
  })
}
