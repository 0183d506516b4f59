import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Device, launchBrowser, openDevice, type Size, sizes, untilLive } from '../support/browser.ts'
import { must, pick } from '../support/client.ts'
import { axeFinds, expectAccessible, overflows, tapTargetMinPx, tooSmall } from '../support/looks.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { openPhone, people, rowOf, teamTile } from '../support/phones.ts'
import { drawNow, openHost, openSeat, type Seeded, seed } from '../support/seeding.ts'
import { payloads } from '../support/xss-payloads.ts'

const testTimeoutMs = 120_000
/** How long anything on a page may take on a machine that has other things to do. */
const patient = { timeout: 10_000 }
/** Promised for the page that a phone loads in a crowded hall. */
const joinScriptBytesMax = 60 * 1024

let matchday: Matchday
let browser: Browser
const opened: Device[] = []

beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder() })
  browser = await launchBrowser()
})
afterEach(async () => {
  const devices = opened.splice(0)
  await Promise.all(devices.map(({ context }) => context.close()))
  expect(devices.flatMap(({ problems }) => problems)).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await matchday?.stop()
  await removeFolder(matchday.dataDirectory)
})

type Options = Parameters<typeof openDevice>[2]

/** Closed, and asked about its problems, when the test ends. */
function kept<D extends Device>(device: D): D {
  opened.push(device)
  return device
}

async function visit(path: string, options: Options = {}): Promise<Device> {
  const device = kept(
    await openDevice(browser, matchday.url, { serviceWorkers: 'block', size: 'laptop', ...options }),
  )
  await device.open(path)
  await device.page.locator('h1').first().waitFor()
  return device
}

async function hostOf(made: Seeded, options: Options = {}): Promise<Device> {
  const device = kept(await openHost(browser, matchday.url, made, options))
  await device.page.locator('h1').first().waitFor()
  return device
}

async function seatOf(made: Seeded, index: number, options: Options = {}): Promise<Device> {
  const device = kept(await openSeat(browser, matchday.url, made, made.players[index]!, options))
  await device.page.locator('h1').first().waitFor()
  return device
}

describe('every screen can be used by everybody: axe finds nothing serious, in light and dark', {
  timeout: testTimeoutMs,
}, () => {
  const still = { reducedMotion: 'reduce', colorScheme: 'light' } as const

  it('finds what is planted', async () => {
    const device = await visit('/offside', still)
    await device.page.evaluate(
      `document.querySelector('h1').replaceChildren(
        document.createElement('button'),
        Object.assign(document.createElement('img'), { src: '/icons/icon.svg' }),
      )`,
    )
    expect(await axeFinds(device)).toHaveLength(2)
  })

  it('create, join, and what is not there', async () => {
    const open = await seed(matchday.url, { name: 'Axe join', limit: 4 })
    const full = await seed(matchday.url, { name: 'Axe full', players: people.slice(0, 2) })
    const create = await visit('/', { ...still, size: 'phone' })
    await create.page.getByText('More options').click()
    await create.page.getByRole('radio', { name: /Own list/ }).check()
    await create.button('Create tournament').click()
    await create.page.getByText('Please type a name.').waitFor()
    await expectAccessible(create, 'create')
    const device = await visit(`/j/${open.joinCode}`, { ...still, size: 'phone' })
    await device.button('I’m in').click()
    await device.page.getByText('Please type a name.').first().waitFor()
    await expectAccessible(device, 'join')
    for (const [path, text] of [
      ['/j/ZZZZZZ', 'No tournament has this code.'],
      [`/j/${full.joinCode}`, 'All seats are taken'],
      ['/offside', 'There is nothing at this address.'],
    ] as const) {
      await device.open(path)
      await device.page.getByText(text).first().waitFor()
      await expectAccessible(device, path)
    }
  })

  it('the organiser’s screens and the wall', async () => {
    const made = await seed(matchday.url, {
      name: 'Axe host',
      limit: 4,
      players: people.slice(0, 3),
      picked: 2,
    })
    const host = await hostOf(made, still)
    await expectAccessible(host, 'host')
    await rowOf(host, 'Ana S.').getByRole('button').click()
    await host.page.getByRole('dialog').waitFor()
    await expectAccessible(host, 'remove dialog')
    await host.page.keyboard.press('Escape')
    await host.open(`/screen/${made.id}`)
    await host.byId('player-row').first().waitFor()
    await expectAccessible(host, 'wall')
    await pick(matchday.url, made.id, made.players[2]!, made.teams[9]!)
    await must(matchday.url, 'setJoining', {
      path: { id: made.id },
      token: made.organizer,
      body: { open: false },
    })
    await host.open(`/host/${made.id}`)
    await host.page.getByText('Everybody has picked.').waitFor()
    await expectAccessible(host, 'ready')
    await drawNow(matchday.url, made)
    await host.byId('draw-result').waitFor()
    await host.button('Draw again').click()
    await expectAccessible(host, 'redraw dialog')
    await host.page.keyboard.press('Escape')
    await expectAccessible(host, 'result')
  })

  it('the reveal', async () => {
    const made = await seed(matchday.url, { name: 'Axe reveal', players: people })
    const host = await hostOf(made, { colorScheme: 'light' })
    await untilLive(host)
    await drawNow(matchday.url, made)
    await host.byId('spotlight').waitFor()
    await expectAccessible(host, 'reveal')
  })

  it('the player’s screens, and the check', async () => {
    const made = await seed(matchday.url, { name: 'Axe player', players: people.slice(0, 3), picked: 2 })
    const phone = { ...still, size: 'phone' } as const
    const picking = await seatOf(made, 2, phone)
    await teamTile(picking, made.teams[5]!).click()
    await expectAccessible(picking, 'pick')
    const waiting = await seatOf(made, 0, phone)
    await expectAccessible(waiting, 'wait')
    await waiting.byId('my-pass').click()
    await waiting.byId('pass-qr').locator('svg').waitFor()
    await expectAccessible(waiting, 'pass')
    await waiting.page.keyboard.press('Escape')
    const check = await visit(`/t/${made.id}/check`, phone)
    await check.page.getByText('Nothing is drawn yet').waitFor()
    await expectAccessible(check, 'check, not drawn')
    await pick(matchday.url, made.id, made.players[2]!, made.teams[5]!)
    await drawNow(matchday.url, made)
    await waiting.byId('own-team').waitFor()
    await expectAccessible(waiting, 'own team')
    await check.page.locator('[data-testid=check-result][data-ok=true]').waitFor()
    for (const summary of await check.page.locator('summary').all()) await summary.click()
    await expectAccessible(check, 'check, green')
    await check.byId('tamper').click()
    await check.page.locator('[data-testid=check-result][data-ok=false]').waitFor()
    await expectAccessible(check, 'check, red')
  })
})

/** Sixty characters, once with places to break and once without. */
const longFirst = (index: number) =>
  `${`Maximiliana-Theodora ${'Wilhelmine '.repeat(4)}`.slice(0, 56)} ${index}`
const longLast = (index: number) => `${'W'.repeat(57)}${String(index).padStart(3, '0')}`

/** Texts of the host's lists that are not seen whole, because a box cuts them or the list has to be scrolled. */
async function cutOff({ page }: Device): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const list = document.querySelector('.roster')
    if (!list) return ['there is no list']
    const bottom = list.getBoundingClientRect().bottom
    return [...list.querySelectorAll('.roster-text > *')]
      .filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1
        || one.getBoundingClientRect().bottom > bottom + 1)
      .map((one) => one.textContent)
  })()`)
}

describe('long names and many people fit', { timeout: testTimeoutMs }, () => {
  /** Not as a mobile device: there the browser zooms out until everything fits. */
  const plain = { isMobile: false, hasTouch: true, size: 'phone' as Size, reducedMotion: 'reduce' as const }

  it.each([2, 64])('%i players with names of sixty characters, on every screen and size', async (count) => {
    const names = Array.from({ length: count }, (_, index) => [longFirst(index), longLast(index)] as const)
    const made = await seed(matchday.url, {
      name: `${'Donaudampfschifffahrtsgesellschaft '.repeat(2)}${'M'.repeat(27)} ${count}`,
      players: names,
      showsFullName: true,
      picked: count - 1,
      teams: {
        names: names.map(([, last], index) =>
          index % 2 ? last : `${index} ${longFirst(index).slice(0, 50)}`,
        ),
      },
    })
    const [host, wall, watch, picking, waiting, door] = await Promise.all([
      hostOf(made, plain),
      visit(`/screen/${made.id}`, plain),
      visit(`/t/${made.id}`, plain),
      seatOf(made, count - 1, plain),
      seatOf(made, 0, plain),
      visit(`/j/${made.joinCode}`, plain),
    ])
    const found: string[] = []
    const before = { host, wall, watch, picking, waiting, door }
    for (const [name, device] of Object.entries(before)) found.push(...(await overflows(device, name)))
    await pick(matchday.url, made.id, made.players.at(-1)!, made.teams[count - 1]!)
    await drawNow(matchday.url, made)
    await host.byId('draw-result').waitFor()
    await waiting.byId('own-team').waitFor()
    const after = { host, wall, watch, waiting }
    for (const [name, device] of Object.entries(after))
      found.push(...(await overflows(device, `${name}, drawn`)))
    const check = await visit(`/t/${made.id}/check`, plain)
    await check.page.locator('[data-testid=check-result][data-ok=true]').waitFor()
    for (const summary of await check.page.locator('summary').all()) await summary.click()
    found.push(...(await overflows(check, 'check')))
    expect(found).toEqual([])
  })

  it('what sticks out, is too small or is cut off is found when it is planted', async () => {
    const made = await seed(matchday.url, { name: 'Planted', players: people })
    const wall = await visit(`/screen/${made.id}`, plain)
    expect(await overflows(wall, 'wall')).toEqual([])
    expect(await tooSmall(wall, 'wall')).toEqual([])
    await wall.page.evaluate(`(() => {
      const wide = document.createElement('p')
      wide.style.width = '${sizes.projector.width + 5}px'
      wide.textContent = 'wide'
      const small = document.createElement('button')
      small.style.cssText = 'width: ${tapTargetMinPx}px; height: ${tapTargetMinPx - 2}px'
      document.querySelector('#content').append(wide, small)
    })()`)
    const found = await overflows(wall, 'wall')
    expect(found.map((one) => one.split(':')[0])).toEqual(Object.keys(sizes).map((name) => `wall at ${name}`))
    expect(await tooSmall(wall, 'wall')).toHaveLength(1)
    await wall.page.reload()
    await wall.page.setViewportSize(sizes.laptop)
    await expect.poll(() => cutOff(wall), patient).toEqual([])
    await wall.page.evaluate(`document.querySelector('.roster-text strong').style.maxHeight = '9px'`)
    expect(await cutOff(wall)).toEqual(['Ana S.'])
  })

  it('sixty-four names are whole on a laptop, and large on the wall', async () => {
    const last = ['Lovelace', 'Nakamura', 'van den Heuvel', 'Öztürk']
    const players = Array.from({ length: 64 }, (_, index) => [`Fatma${index}`, last[index % 4]!] as const)
    const made = await seed(matchday.url, { name: 'Sixty-four', players })
    const host = await hostOf(made, { reducedMotion: 'reduce' })
    await expect.poll(() => cutOff(host), patient).toEqual([])
    await drawNow(matchday.url, made)
    const wall = await visit(`/screen/${made.id}`, { size: 'projector' })
    await Promise.all([host, wall].map((device) => device.byId('draw-result').waitFor()))
    await expect.poll(() => cutOff(host), patient).toEqual([])
    await expect.poll(() => cutOff(wall), patient).toEqual([])
    const letters = await wall.page.evaluate<number>(
      `parseFloat(getComputedStyle(document.querySelector('.result-team')).fontSize)`,
    )
    expect(letters).toBeGreaterThanOrEqual(22)
  })

  it('what can be tapped on a phone is large enough for a thumb', async () => {
    const made = await seed(matchday.url, { name: 'Thumbs', players: people.slice(0, 3), picked: 2 })
    const options = { size: 'phone' as Size, reducedMotion: 'reduce' as const }
    const create = await visit('/', options)
    await create.page.getByText('More options').click()
    const waiting = await seatOf(made, 0, options)
    const pages: [string, Device][] = [
      ['create', create],
      ['join', await visit('/j', options)],
      ['pick', await seatOf(made, 2, options)],
      ['wait', waiting],
      ['watch', await visit(`/t/${made.id}`, options)],
      ['host', await hostOf(made, options)],
      ['check', await visit(`/t/${made.id}/check`, options)],
    ]
    const found: string[] = []
    for (const [name, device] of pages) found.push(...(await tooSmall(device, name)))
    await waiting.byId('my-pass').click()
    await waiting.byId('pass-qr').locator('svg').waitFor()
    found.push(...(await tooSmall(waiting, 'pass')))
    expect(found).toEqual([])
  })
})

describe('the page that phones load', { timeout: testTimeoutMs }, () => {
  it('has at most 60 KiB of compressed script', async () => {
    const { joinCode } = await seed(matchday.url, { name: 'Weight', limit: 4 })
    const phone = kept(await openPhone(browser, matchday.url, ['Ana', 'Silva'], { serviceWorkers: 'block' }))
    const session = await phone.context.newCDPSession(phone.page)
    await session.send('Network.enable')
    const scripts = new Map<string, string>()
    let bytes = 0
    session.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type === 'Script') scripts.set(requestId, new URL(response.url).pathname)
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength
    })
    await phone.open(`/j/${joinCode}`)
    await phone.page.getByLabel('First name').waitFor()
    console.log(`join route: ${bytes} bytes of script until the form is there`)
    // What is fetched ahead while somebody types counts, too: it is on the way in.
    await phone.page.waitForLoadState('networkidle')
    console.log(`join route: ${bytes} bytes of script in ${scripts.size} files`)
    expect(scripts.size).toBeGreaterThan(1)
    expect(bytes).toBeGreaterThan(5_000)
    expect(bytes).toBeLessThanOrEqual(joinScriptBytesMax)
  })

  it('can be used with the keyboard alone, from the name to the pick', async () => {
    const made = await seed(matchday.url, {
      name: 'Keys',
      limit: 4,
      players: people.slice(0, 1),
      teams: { preset: 'classic' },
    })
    const { page } = await visit(`/j/${made.joinCode}`, { reducedMotion: 'reduce' })
    const focused = (selector: string) =>
      page.evaluate<boolean>(`document.activeElement.matches('${selector}')`)
    const tabTo = async (selector: string) => {
      for (let presses = 0; presses < 60; presses++) {
        if (await focused(selector)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`the keyboard does not get to ${selector}`)
    }
    await page.getByLabel('First name').waitFor()
    await tabTo('input[autocomplete=given-name]')
    await page.keyboard.type('Kim')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Keys')
    await page.keyboard.press('Enter')
    await page.getByTestId('confirm-pick').waitFor()
    const team = made.teams[2]!
    await tabTo('[data-testid=team-tile]')
    expect(await focused(`[data-team="${made.teams[1]}"]`)).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    expect(await focused(`[data-team="${team}"][aria-checked=true]`)).toBe(true)
    const outline = await page.evaluate<number>(
      'parseFloat(getComputedStyle(document.activeElement).outlineWidth)',
    )
    expect(outline).toBeGreaterThanOrEqual(2)
    await page.keyboard.press('Tab')
    expect(await focused('[data-testid=confirm-pick]')).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByTestId('own-pick').getByText(team).waitFor()
  })

  it('moves no team under a finger, and picks none by a second tap', async () => {
    const made = await seed(matchday.url, {
      name: 'Still',
      limit: 3,
      players: people.slice(0, 3),
      picked: 0,
      teams: { names: ['Ajax', 'Bayern', 'Celtic', 'Dortmund'] },
    })
    const phone = await seatOf(made, 0, { size: 'phone' })
    const order = () =>
      phone.page.evaluate<string>(
        `[...document.querySelectorAll('[data-testid=team-tile]')].map((one) => one.dataset.team[0]).join('')`,
      )
    await untilLive(phone)
    await teamTile(phone, 'Bayern').dblclick()
    await teamTile(phone, 'Bayern').click({ delay: 600 })
    await pick(matchday.url, made.id, made.players[1]!, 'Ajax')
    await teamTile(phone, 'Ajax').getByText('taken by').waitFor()
    // While one is looked at, nothing moves; when it is lost, the free ones come to the front.
    await phone.page.evaluate('new Promise((done) => setTimeout(done, 3_000))')
    expect(await order()).toBe('ABCD')
    expect(await phone.byId('confirm-pick').textContent()).toBe('Pick Bayern')
    await pick(matchday.url, made.id, made.players[2]!, 'Bayern')
    await expect.poll(order, patient).toBe('CDAB')
    const { players } = (await must(matchday.url, 'getTournament', { path: { id: made.id } })).body
    expect(players[0]?.pick).toBeNull()
  })

  it('speaks German to a German phone, and the other language at a tap', async () => {
    const made = await seed(matchday.url, { name: 'Sprachen', limit: 3, players: people.slice(0, 1) })
    const phone = kept(
      await openPhone(browser, matchday.url, ['Jörg', 'Größer'], {
        locale: 'de-DE',
        serviceWorkers: 'block',
      }),
    )
    await phone.open(`/j/${made.joinCode}`)
    await phone.page.getByText('2 Plätze frei').waitFor()
    expect(await phone.page.locator('html').getAttribute('lang')).toBe('de')
    await phone.type(
      [phone.page.getByLabel('Vorname'), 'Jörg'],
      [phone.page.getByLabel('Nachname'), 'Größer'],
    )
    await phone.button('Ich bin dabei').click()
    await phone.page.getByRole('heading', { name: 'Wähl dein Team' }).waitFor()
    await phone.page.locator('.language-switch').click()
    await phone.page.getByRole('heading', { name: 'Pick your team' }).waitFor()
    await phone.page.reload()
    await phone.page.getByRole('heading', { name: 'Pick your team' }).waitFor()
    expect(await phone.page.locator('html').getAttribute('lang')).toBe('en')
  })
})

describe('what people type stays text', { timeout: testTimeoutMs }, () => {
  it('the watchers of this test see a script that runs', async () => {
    const device = await openDevice(browser, matchday.url, { serviceWorkers: 'block' })
    await device.open('/offside')
    await device.page.locator('h1').waitFor()
    await device.page.evaluate(
      `document.body.append(Object.assign(new Image(), { src: 'https://203.0.113.1/x' })); alert(2)`,
    )
    await expect.poll(() => device.problems.length, patient).toBeGreaterThanOrEqual(2)
    expect(device.problems.join()).toContain('Content Security Policy')
    expect(device.problems.join()).toContain('dialog: 2')
    await device.context.close()
  })

  it('a text can’t become a part of the page, whatever a bug does with it', async () => {
    const device = await visit('/offside')
    for (const sink of ['innerHTML = text', 'insertAdjacentHTML("beforeend", text)', 'srcdoc = text']) {
      const on = sink.startsWith('srcdoc') ? 'document.createElement("iframe")' : 'document.body'
      const planted = device.page.evaluate(`{ const text = '<p>planted</p>'; ${on}.${sink} }`)
      await expect(planted, sink).rejects.toThrow(/TrustedHTML/)
    }
    // The browser has said so in the console, as it should; nothing of it is a problem of the page.
    device.problems.length = 0
  })

  it(`${payloads.length} hostile names, as tournament, players and teams, do nothing on any screen`, async () => {
    expect(payloads.length).toBeGreaterThanOrEqual(30)
    const made = await seed(matchday.url, {
      name: '"><svg onload=alert(1)><!-- {{7*7}}',
      players: payloads.map((payload, index) => [payload, `P${index}`] as const),
      showsFullName: true,
      picked: payloads.length - 1,
      teams: { names: payloads.map((payload, index) => `${payload.slice(0, 56)} ${index}`) },
    })
    const still = { reducedMotion: 'reduce' } as const
    const [host, wall, watch] = [
      await hostOf(made),
      await visit(`/screen/${made.id}`, { size: 'projector' }),
      await visit(`/t/${made.id}`, still),
    ]
    const picking = await seatOf(made, payloads.length - 1, still)
    await picking.byId('team-tile').first().click()
    const waiting = await seatOf(made, 0, still)
    const names = await wall.byId('player-row').locator('strong').allTextContents()
    expect(names).toEqual(payloads.map((payload, index) => `${payload} P${index}`))
    await pick(matchday.url, made.id, made.players.at(-1)!, made.teams.at(-1)!)
    await Promise.all([host, wall].map(untilLive))
    await drawNow(matchday.url, made)
    await Promise.all([host, wall].map((device) => device.byId('spotlight').waitFor()))
    await Promise.all([host, wall].map((device) => device.button('Skip').click()))
    await Promise.all([host, wall].map((device) => device.byId('draw-result').waitFor()))
    await Promise.all([picking, waiting].map((device) => device.byId('own-team').waitFor()))
    await watch.page.getByText('Check this draw').click()
    await watch.page.locator('[data-testid=check-result][data-ok=true]').waitFor()
    await watch.page.getByText('Who got what').click()
    expect(await watch.page.locator('.check-result-list li').count()).toBe(payloads.length)
    for (const { page } of [host, wall, watch, picking, waiting]) {
      expect(
        await page.evaluate<number>(
          `document.querySelectorAll('#app :is(script, iframe, img, object)').length`,
        ),
      ).toBe(0)
    }
  })
})
