import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Device, type DeviceOptions, launchBrowser, openDevice } from '../support/browser.ts'
import { must } from '../support/client.ts'
import { expectAccessible, overflows, tooSmall } from '../support/looks.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { longWords, type SeededOffice, seedOffice, usualWords } from '../support/office-seeding.ts'
import { officeOf, openAs, type Person, person } from '../support/people.ts'

const testTimeoutMs = 180_000
/** How long anything on a page may take on a machine that has other things to do. */
const patient = { timeout: 10_000 }
const root = {
  ...person('Greta', 'Lindqvist'),
  email: 'root@example.org',
  password: 'the very first password',
}
const still = { reducedMotion: 'reduce', serviceWorkers: 'block' } as const

/** A page, and what is done on it before it is looked at. */
type Look = readonly [path: string, act?: (device: Device) => Promise<unknown>]

let browser: Browser
/** One with usual words on its screens, one with words as long as they may be. */
const places: Record<'usual' | 'long', { matchday: Matchday; office: SeededOffice } | undefined> = {
  usual: undefined,
  long: undefined,
}
const opened: Device[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  for (const [name, words] of [
    ['usual', usualWords],
    ['long', longWords],
  ] as const) {
    const matchday = await startMatchday({
      dataDirectory: await temporaryFolder(),
      flags: ['--registration', 'open'],
      env: { MATCHDAY_SUPERADMIN_EMAIL: root.email, MATCHDAY_SUPERADMIN_PASSWORD: root.password },
    })
    places[name] = { matchday, office: await seedOffice(matchday.url, words) }
  }
}, testTimeoutMs)
afterEach(async () => {
  const devices = opened.splice(0)
  await Promise.all(devices.map(({ context }) => context.close()))
  expect(devices.flatMap(({ problems }) => problems)).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  for (const place of Object.values(places)) {
    await place?.matchday.stop()
    if (place) await removeFolder(place.matchday.dataDirectory)
  }
})

async function visit(url: string, who: Person | null, path: string, options: DeviceOptions = {}) {
  const device =
    who === null
      ? await openDevice(browser, url, { ...still, ...options })
      : await openAs(browser, url, who, path, { ...still, ...options })
  opened.push(device)
  if (who === null) await device.open(path)
  return device
}

/** Everything on it has arrived. */
async function settled({ page }: Device): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.locator('.waiting, [aria-busy=true]').first().waitFor({ state: 'detached' })
}

const dialogBy = (name: string | RegExp) => async (device: Device) => {
  await device.button(name).first().click()
  await device.page.getByRole('dialog').locator('input, textarea, button').nth(1).waitFor()
}

function looksOf({ organizationId, tournamentId, privateId, incidentId }: SeededOffice) {
  const base = `/office/${organizationId}`
  return {
    nobody: [
      ['/office'],
      ['/office', (device) => device.button('Sign in').click()],
      ['/office/sign-up'],
      ['/office/forgot'],
      ['/office/confirm'],
      ['/office/reset#01a2200a-e783-7add-a821-e19fb6b40a9c.jsPY3aNaN-hKCkW4wQiFFn7_tKdknTa28qwI4uKwRJY'],
      ['/me/sign-up', (device) => device.button('Create account').click()],
      ['/events'],
      ['/events?query=nothing'],
      [`/events/${tournamentId}`],
      ['/outbox'],
    ],
    owner: [
      ['/office'],
      ['/office/account'],
      ['/office/account', dialogBy('Delete account')],
      [base],
      [`${base}/people`],
      [`${base}/people`, dialogBy('Invite somebody')],
      [`${base}/people`, dialogBy(/^Edit/)],
      [`${base}/incidents`],
      [`${base}/incidents`, dialogBy('Open an incident')],
      [`${base}/incidents/${incidentId}`],
      [`${base}/changes`, (device) => device.page.getByText('Details').first().click()],
      [`${base}/keys`],
      [`${base}/keys`, dialogBy('New key')],
      [`${base}/settings`],
      [`${base}/settings`, dialogBy('Delete the organisation')],
      [`${base}/events/new`, (device) => device.button('Create tournament').click()],
      [`${base}/events/${tournamentId}`],
      [`${base}/events/${tournamentId}`, dialogBy('Add contact')],
      [`${base}/events/${privateId}`, (device) => device.byId('request').first().waitFor()],
      [`/host/${privateId}`, (device) => device.byId('host-requests').waitFor()],
      [`/host/${tournamentId}`, dialogBy('More')],
    ],
    support: [[base], [`${base}/settings`], [`${base}/events/${tournamentId}`]],
    player: [['/me'], ['/me/account']],
    root: [
      ['/admin'],
      [`/admin/organizations/${organizationId}`],
      [`/admin/organizations/${organizationId}`, dialogBy('Block')],
      ['/admin/administrators'],
      ['/admin/administrators', dialogBy('Add administrator')],
      ['/admin/accounts'],
      ['/admin/accounts', dialogBy('Sign somebody out')],
      ['/admin/changes'],
      [`/office/${organizationId}`],
    ],
  } as const satisfies Record<string, readonly Look[]>
}
type Actor = keyof ReturnType<typeof looksOf>

function personOf(actor: Actor, office: SeededOffice): Person | null {
  return { nobody: null, owner: office.owner, support: office.support, player: office.player, root }[actor]
}

/** Where each of them signs in. */
const doors: Readonly<Record<Actor, string>> = {
  nobody: '/',
  owner: '/office',
  support: '/office',
  player: '/me',
  root: '/admin',
}
const actors = ['nobody', 'owner', 'support', 'player', 'root'] as const satisfies readonly Actor[]

async function lookAll(
  place: 'usual' | 'long',
  actor: Actor,
  options: DeviceOptions,
  look: (device: Device, name: string) => Promise<void>,
): Promise<void> {
  const { matchday, office } = places[place]!
  const device = await visit(matchday.url, personOf(actor, office), doors[actor], options)
  const looks: readonly Look[] = looksOf(office)[actor]
  for (const [path, act] of looks) {
    await device.open(path)
    await settled(device)
    await act?.(device)
    await look(device, `${actor} ${path}${act ? ', opened' : ''}`)
  }
}

describe('everybody can use it: axe finds nothing serious, in light and dark', {
  timeout: testTimeoutMs,
}, () => {
  it.each(actors)('%s', async (actor) => {
    await lookAll('usual', actor, { size: 'laptop', colorScheme: 'light' }, expectAccessible)
  })
})

describe('words without a place to break a line fit, at any size', { timeout: testTimeoutMs }, () => {
  it.each(actors)('%s', async (actor) => {
    const found: string[] = []
    // Not as a mobile device: there the browser zooms out until everything fits.
    await lookAll('long', actor, { size: 'phone', isMobile: false }, async (device, name) => {
      found.push(...(await overflows(device, name)))
      await device.page.setViewportSize({ width: 390, height: 844 })
    })
    expect(found).toEqual([])
  })
})

describe('what can be tapped on a phone is large enough for a thumb', { timeout: testTimeoutMs }, () => {
  it.each(actors)('%s', async (actor) => {
    const found: string[] = []
    await lookAll('usual', actor, { size: 'phone' }, async (device, name) => {
      found.push(...(await tooSmall(device, name)))
    })
    expect(found).toEqual([])
  })
})

describe('slow answers', { timeout: testTimeoutMs }, () => {
  it('nothing is shown for a moment, then grey lines, then the answer', async () => {
    const { matchday, office } = places.usual!
    const device = await visit(matchday.url, office.owner, '/office')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await device.page.route('**/members*', async (route) => {
      await released
      await route.continue()
    })
    await device.open(`/office/${office.organizationId}/people`)
    const waiting = device.page.locator('.waiting').last()
    await waiting.waitFor()
    expect(
      await device.page.evaluate<string>(
        `getComputedStyle(document.querySelector('.waiting')).animationDelay`,
      ),
    ).toBe('0.3s')
    release()
    await device.byId('member').nth(2).waitFor()
    expect(await device.page.locator('.waiting').count()).toBe(0)
  })

  it('a page without a connection says so, and goes on by itself', async () => {
    const { matchday, office } = places.usual!
    const device = await visit(matchday.url, office.owner, '/office')
    await device.open(`/office/${office.organizationId}`)
    await device.page.getByRole('link', { name: office.name }).waitFor()
    await device.context.setOffline(true)
    await device.page.getByRole('link', { name: 'People' }).click()
    await device.page.getByText('No connection').first().waitFor()
    await device.context.setOffline(false)
    await device.byId('member').first().waitFor()
  })

  it('a list of five hundred people can be searched', async () => {
    const { matchday, office } = places.usual!
    const device = await visit(matchday.url, office.owner, '/office')
    const real = (
      await must(matchday.url, 'listMembers', {
        path: { organizationId: office.organizationId },
        token: office.token,
      })
    ).body.items[1]!
    await device.page.route('**/members*', async (route) => {
      const after = Number(new URL(route.request().url()).searchParams.get('after')?.slice(1) ?? 0)
      const items = Array.from({ length: 100 }, (_, index) => ({
        ...real,
        accountId: `01a2200a-e783-7add-a821-${String(after + index).padStart(12, '0')}`,
        firstName: `No${after + index}`,
      }))
      const next = after + 100 < 500 ? `p${after + 100}` : null
      await route.fulfill({ json: { items, next } })
    })
    await device.open(`/office/${office.organizationId}/people`)
    await device.page.getByText('500 people').waitFor()
    expect(await device.byId('member').count()).toBe(50)
    await device.button('Show more').click()
    expect(await device.byId('member').count()).toBe(100)
    await device.page.getByLabel('Find somebody').fill('no437')
    await expect.poll(() => device.byId('member').count(), patient).toBe(1)
  })
})

describe('what people type stays text', { timeout: testTimeoutMs }, () => {
  it('hostile names, addresses and descriptions do nothing on any screen', async () => {
    const { matchday, office } = places.usual!
    const { url } = matchday
    const evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
    const { organizationId, token } = await officeOf(url, office.owner, evil)
    const path = { organizationId }
    const { body } = await must(url, 'createTournament', {
      token,
      body: {
        organizationId,
        name: evil,
        limit: 4,
        teams: { preset: 'classic' },
        description: evil,
        address: `javascript:alert(1)//\n${evil}`,
        visibility: 'public',
        startsAt: '2031-06-12T17:30:00.000Z',
      },
    })
    const about = { tournamentId: body.id, name: evil, description: evil, priority: 'low' }
    const { incidentId } = (await must(url, 'openIncident', { path, token, body: about })).body
    await must(url, 'addComment', { path: { ...path, incidentId }, token, body: { content: evil } })
    const contact = { tournamentId: body.id, firstName: evil.slice(0, 60), lastName: '<b>', notes: evil }
    await must(url, 'createContact', { path, token, body: contact })
    const device = await visit(url, office.owner, '/office')
    const base = `/office/${organizationId}`
    for (const address of [
      '/office',
      base,
      `${base}/events/${body.id}`,
      `${base}/incidents`,
      `${base}/incidents/${incidentId}`,
      `${base}/changes`,
      `${base}/settings`,
      `/events?query=onerror`,
      `/events/${body.id}`,
    ]) {
      await device.open(address)
      await settled(device)
      await device.page.getByText('onerror').first().waitFor()
      const planted = `document.querySelectorAll('#app :is(script, iframe, img, object, [onerror])').length`
      expect(await device.page.evaluate(planted), address).toBe(0)
      const links = `[...document.querySelectorAll('#app a')].filter((one) => !/^(https?|mailto|tel|geo):$/.test(one.protocol)).length`
      expect(await device.page.evaluate(links), address).toBe(0)
    }
  })
})

describe('the keyboard', { timeout: testTimeoutMs }, () => {
  it('signs in, finds its way and opens a dialog, which gives the focus back', async () => {
    const { matchday, office } = places.usual!
    const device = await visit(matchday.url, null, '/office', { size: 'laptop' })
    const { page } = device
    await page.getByLabel('E-mail address').and(page.locator(':focus')).waitFor()
    await page.keyboard.type(office.owner.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(office.owner.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Hello Ada.' }).waitFor()
    // The heading of the new page has the focus, for the form that had it is gone.
    await expect.poll(() => page.evaluate('document.activeElement.tagName'), patient).toBe('H1')
    await device.open(`/office/${office.organizationId}/people`)
    await device.byId('member').first().waitFor()
    await device.button('Invite somebody').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expect
      .poll(() => page.evaluate('document.activeElement.textContent'), patient)
      .toBe('Invite somebody')
  })

  it('a wrong form puts the focus on what is wrong', async () => {
    const { matchday } = places.usual!
    const device = await visit(matchday.url, null, '/me/sign-up', { size: 'laptop' })
    await device.page.getByLabel('First name').fill('Kim')
    await device.button('Create account').click()
    await expect
      .poll(() => device.page.evaluate('document.activeElement.getAttribute("autocomplete")'), patient)
      .toBe('family-name')
  })
})
