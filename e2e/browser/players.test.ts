import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mailedPath } from '../support/accounts.ts'
import { type Device, launchBrowser, openDevice, untilLive } from '../support/browser.ts'
import { tellInChapters } from '../support/chapters.ts'
import { call, must } from '../support/client.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { person, signInOn } from '../support/people.ts'
import { openPhone, type Phone, pickOn, rowOf } from '../support/phones.ts'
import { drawNow, type Seeded, seed } from '../support/seeding.ts'

const chapterTimeoutMs = 90_000

const pia = person('Pia', 'Schwarz')

let matchday: Matchday
let browser: Browser
let cup: Seeded
/** A screen on the wall, which somebody else has opened. */
let wall: Device
/** The phone on which she begins, and the one that she buys later. */
let first: Phone
let second: Phone
const devices: Device[] = []

tellInChapters()
beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder() })
  browser = await launchBrowser()
  cup = await seed(matchday.url, {
    name: 'Friday Night Cup',
    limit: 3,
    players: [['Ben', 'Okafor']],
    teams: { preset: 'classic' },
  })
  first = await phone()
  second = await phone()
})
afterEach(() => expect(devices.flatMap(({ problems }) => problems)).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await matchday?.stop()
  await removeFolder(matchday.dataDirectory)
})

async function phone(): Promise<Phone> {
  const opened = await openPhone(browser, matchday.url, [pia.firstName, pia.lastName], {
    serviceWorkers: 'block',
  })
  devices.push(opened)
  return opened
}

const dialog = ({ page }: Device) => page.getByRole('dialog')
const heading = ({ page }: Device, name: string) => page.getByRole('heading', { level: 1, name })

async function players() {
  return (await must(matchday.url, 'getTournament', { path: { id: cup.id } })).body.players
}

describe('a player, her account and her phones', { timeout: chapterTimeoutMs }, () => {
  it('plays without an account first; her seat is hers and shows one letter', async () => {
    await first.open(`/j/${cup.joinCode}`)
    await first.type(
      [first.page.getByLabel('First name'), pia.firstName],
      [first.page.getByLabel('Last name'), pia.lastName],
    )
    await first.tap(first.button('I’m in'))
    await first.byId('confirm-pick').waitFor()
    expect((await players()).map(({ lastName }) => lastName)).toEqual(['O.', 'S.'])
    await pickOn(first, 'PSG')
  })

  it('makes an account, confirmed by the link of a mail with her password', async () => {
    const { page } = first
    await first.button('Keep with an account').click()
    await dialog(first).getByRole('link', { name: 'Create an account' }).click()
    await heading(first, 'Keep your seat.').waitFor()
    await page.getByLabel('First name').fill(pia.firstName)
    await page.getByLabel('Last name').fill(pia.lastName)
    await page.getByLabel('E-mail address').fill(pia.email)
    await page.getByLabel('Password', { exact: true }).fill(pia.password)
    await first.button('Show password').click()
    expect(await page.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('text')
    await first.button('Create account').click()
    await first.byId('check-mail').waitFor()
    await first.open(await mailedPath(matchday.url, 'players', pia.email))
    await page.getByLabel('Password', { exact: true }).fill('not her password')
    await first.button('Confirm and sign in').click()
    await page.getByText('This password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(pia.password)
    await first.button('Confirm and sign in').click()
    await heading(first, 'Hello Pia.').waitFor()
  })

  it('keeps the seat of this device', async () => {
    await first.page.getByText('On this device, and not kept yet').waitFor()
    await first.button('Keep the seat in Friday Night Cup').click()
    await first.byId('seat').getByText('You picked PSG').waitFor()
    await first.byId('seat').getByText('on this device').waitFor()
    expect(await first.page.getByText('not kept yet').count()).toBe(0)
  })

  it('comes back on another phone, and the first one lets go of the seat', async () => {
    await second.open('/me')
    await signInOn(second, pia)
    await second.byId('seat').getByRole('button', { name: 'Open on this device' }).click()
    await second.byId('own-pick').getByText('PSG').waitFor()
    await first.open(`/t/${cup.id}`)
    await first.page.getByText('Your seat has moved').waitFor()
  })

  it('joins the next one as who she is, with her name filled in', async () => {
    const next = await seed(matchday.url, { name: 'Beach Five', limit: 4, teams: { preset: 'classic' } })
    await second.open(`/j/${next.joinCode}`)
    await second.page.getByText(`You are signed in as ${pia.email}`).waitFor()
    const lastName = () => second.page.getByLabel('Last name').inputValue()
    await expect.poll(lastName, { timeout: 10_000 }).toBe(pia.lastName)
    await second.button('I’m in').click()
    await second.byId('confirm-pick').waitFor()
    expect(await second.button('Keep with an account').count()).toBe(0)
    wall = await openDevice(browser, matchday.url, { size: 'projector', serviceWorkers: 'block' })
    devices.push(wall)
    await wall.open(`/screen/${next.id}`)
    await rowOf(wall, 'Pia S.').waitFor()
    expect(await wall.page.content()).not.toContain(pia.lastName)
    await second.open('/me')
    await second.byId('seat').nth(1).waitFor()
    expect(await second.byId('seat').getByText('Beach Five').count()).toBe(1)
  })

  it('chooses how others see her, and reads all that is known about her', async () => {
    const { page } = second
    await page.getByRole('link', { name: 'Your account' }).click()
    await heading(second, 'Account and privacy').waitFor()
    await page.getByText('Others see: Pia S.').waitFor()
    await page.getByRole('radio', { name: /My whole name/ }).check()
    await second.button('Save').click()
    await page.getByText('Saved.').waitFor()
    const download = page.waitForEvent('download')
    await second.button('Download').click()
    const stream = await (await download).createReadStream()
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const data = JSON.parse(Buffer.concat(chunks).toString())
    expect(data).toMatchObject({ format: 'matchday-player-export-v1', account: { email: pia.email } })
    expect(data.seats).toHaveLength(2)
  })

  it('after the draw she takes her name out, and the result stays', async () => {
    const { url } = matchday
    await must(url, 'setJoining', { path: { id: cup.id }, token: cup.organizer, body: { open: false } })
    await drawNow(url, cup)
    await second.open(`/t/${cup.id}`)
    await second.byId('own-team').waitFor()
    await second.button('Take my name out').click()
    await dialog(second).getByRole('button', { name: 'Take my name out' }).click()
    await dialog(second).waitFor({ state: 'detached' })
    await expect
      .poll(async () => (await players()).map(({ firstName }) => firstName), { timeout: 10_000 })
      .not.toContain('Pia')
    await rowOf(second, 'Ben O.').waitFor()
    expect((await players()).every(({ team }) => team !== null)).toBe(true)
  })

  it('deletes the account, and is gone everywhere, from screens that are open as well', async () => {
    const { page } = second
    await untilLive(wall)
    await second.open('/me/account')
    await second.button('Delete account').click()
    await dialog(second).getByLabel('Your password, as a confirmation').fill('not her password')
    await dialog(second).getByRole('button', { name: 'Delete for good' }).click()
    await dialog(second).getByText('This password is wrong.').waitFor()
    await dialog(second).getByLabel('Your password, as a confirmation').fill(pia.password)
    await dialog(second).getByRole('button', { name: 'Delete for good' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await rowOf(wall, 'Pia S.').waitFor({ state: 'detached' })
    // The seat stays, under a name that is nobody's.
    expect(await wall.byId('player-row').count()).toBe(1)
    await signInOn(second, pia)
    await page.getByText('E-mail address or password is wrong.').waitFor()
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('matchday.session')
    const answer = await call(matchday.url, 'signInPlayer', {
      body: { email: pia.email, password: pia.password },
    })
    expect(answer.problem.code).toBe('wrong-credentials')
  })
})
