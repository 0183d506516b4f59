import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mailedPath } from '../support/accounts.ts'
import { type Device, launchBrowser, openDevice } from '../support/browser.ts'
import { tellInChapters } from '../support/chapters.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { type Person, person, setupToken, signInOn, untilSignedOut } from '../support/people.ts'
import { fillIn, openPhone, rowOf } from '../support/phones.ts'
import { openHost, seed } from '../support/seeding.ts'

const chapterTimeoutMs = 90_000

const ada = person('Ada', 'Lovelace')
const ben = person('Ben', 'Okafor')
const chiara = person('Chiara', 'Rossi')

let matchday: Matchday
let browser: Browser
let owner: Device
let manager: Device
/** Chiara's, who only helps. */
let support: Device
const devices: Device[] = []
let setupPath = ''
let organizationPath = ''
let eventPath = ''
let joinCode = ''

tellInChapters()
beforeAll(async () => {
  matchday = await startMatchday({ dataDirectory: await temporaryFolder() })
  browser = await launchBrowser()
  owner = await laptop()
  manager = await laptop()
})
afterEach(() => expect(devices.flatMap(({ problems }) => problems)).toEqual([]))
afterAll(async () => {
  await browser?.close()
  await matchday?.stop()
  await removeFolder(matchday.dataDirectory)
})

async function laptop(): Promise<Device> {
  const device = await openDevice(browser, matchday.url, { size: 'laptop', serviceWorkers: 'block' })
  devices.push(device)
  return device
}

const pathOf = ({ page }: Device) => new URL(page.url()).pathname
const heading = ({ page }: Device, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const tab = ({ page }: Device, name: string) =>
  page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name })
const dialog = ({ page }: Device) => page.getByRole('dialog')

/** The link of the first mail, opened where the invitation was; it waits there. */
async function confirmMailOn(device: Device, { email, password }: Person): Promise<void> {
  await device.byId('check-mail').waitFor()
  await device.open(await mailedPath(matchday.url, 'staff', email))
  await device.page.getByLabel('Password', { exact: true }).fill(password)
  await device.button('Confirm and sign in').click()
}

async function tabsOf(device: Device): Promise<string[]> {
  return device.page.getByRole('navigation', { name: 'Organisation' }).getByRole('link').allTextContents()
}

describe('an organisation, from the printed link to a private tournament', {
  timeout: chapterTimeoutMs,
}, () => {
  it('the link of the first start makes an account and an organisation, and leaves no token behind', async () => {
    setupPath = `/setup#${await setupToken(matchday)}`
    await owner.open(setupPath)
    const { page } = owner
    await page.getByLabel('First name').fill(ada.firstName)
    await page.getByLabel('Last name').fill(ada.lastName)
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByLabel('Password', { exact: true }).fill('too short')
    await owner.button('Create account').click()
    await page.getByText('That is too short.').waitFor()
    expect(await page.evaluate('location.hash')).toBe('')
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await owner.button('Create account').click()
    await heading(owner, 'Your organisation').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('Riverside FC')
    await owner.button('Register').click()
    await page.getByText('No tournament yet.').waitFor()
    organizationPath = pathOf(owner)
    expect(organizationPath).toMatch(/^\/office\/[0-9a-f-]{36}$/)
    expect(await tabsOf(owner)).toEqual(['Tournaments', 'Incidents', 'People', 'Changes', 'Keys', 'Settings'])
  })

  it('tokens are where no script sees them', async () => {
    const kept = await owner.page.evaluate<string>('JSON.stringify(localStorage) + document.cookie')
    expect(kept).not.toMatch(/eyJ|refresh|token/i)
    const cookies = await owner.context.cookies()
    expect(cookies.filter(({ httpOnly }) => httpOnly).length).toBeGreaterThanOrEqual(2)
  })

  it('a second browser comes in by the link of an invitation', async () => {
    await tab(owner, 'People').click()
    await owner.button('Invite somebody').click()
    await dialog(owner)
      .getByRole('radio', { name: /Manager/ })
      .check()
    await dialog(owner)
      .getByLabel(/For whom/)
      .fill('Ben, for everything')
    await owner.button('Make the link').click()
    const link = await dialog(owner).getByLabel('Link of the invitation').inputValue()
    await dialog(owner).locator('svg[role=img]').waitFor()
    await owner.button('Close').click()
    await owner.byId('invitations').getByText('Ben, for everything').waitFor()

    await manager.open(link)
    await manager.page.getByText('You are invited to').waitFor()
    expect(await manager.page.evaluate('location.hash')).toBe('')
    await manager.page.getByText('Riverside FC').waitFor()
    await manager.page.getByLabel('First name').fill(ben.firstName)
    await manager.page.getByLabel('Last name').fill(ben.lastName)
    await manager.page.getByLabel('E-mail address').fill(ben.email)
    await manager.page.getByLabel('Password', { exact: true }).fill(ben.password)
    await manager.button('Create account').click()
    await confirmMailOn(manager, ben)
    await manager.button('Accept').click()
    await manager.page.getByText('No tournament yet.').waitFor()
    expect(pathOf(manager)).toBe(organizationPath)
    expect(await tabsOf(manager)).not.toContain('Keys')
  })

  it('who loads the page again in the middle has not lost the invitation', async () => {
    await owner.open(`${organizationPath}/people`)
    await owner.button('Invite somebody').click()
    await owner.button('Make the link').click()
    const link = await dialog(owner).getByLabel('Link of the invitation').inputValue()
    const device = await laptop()
    support = device
    await device.open(link)
    await device.page.getByText('You are invited to').waitFor()
    await device.page.reload()
    await device.page.getByText('You are invited to').waitFor()
    await device.page.getByLabel('First name').fill(chiara.firstName)
    await device.page.getByLabel('Last name').fill(chiara.lastName)
    await device.page.getByLabel('E-mail address').fill(chiara.email)
    await device.page.getByLabel('Password', { exact: true }).fill(chiara.password)
    await device.button('Create account').click()
    await confirmMailOn(device, chiara)
    await device.button('Accept').click()
    await device.page.getByText('No tournament yet.').waitFor()
    // Support sees everything, and is offered nothing that would be refused.
    expect(await device.page.getByRole('link', { name: 'New tournament' }).count()).toBe(0)
    await tab(device, 'People').click()
    await device.byId('member').nth(2).waitFor()
    expect(await device.button('Invite somebody').count()).toBe(0)
    expect(await device.page.getByRole('button', { name: /^Edit/ }).count()).toBe(0)
    await tab(device, 'Settings').click()
    await heading(device, 'Settings').waitFor()
    expect(await device.button('Delete the organisation').count()).toBe(0)
  })

  it('a role that is changed counts at once, also on a page that is open', async () => {
    await owner.open(`${organizationPath}/people`)
    await owner.button('Edit Ben Okafor').click()
    await dialog(owner)
      .getByRole('radio', { name: /Support/ })
      .check()
    await owner.button('Save').click()
    await owner.page.locator('[data-testid=member][data-role=support]').nth(1).waitFor()
    await manager.page.getByRole('link', { name: 'New tournament' }).click()
    await manager.page.getByLabel('Name of the tournament').fill('Not allowed')
    await manager.button('Create tournament').click()
    await manager.page.getByText('Your role does not allow that.').waitFor()
    await owner.button('Edit Ben Okafor').click()
    await dialog(owner)
      .getByRole('radio', { name: /Manager/ })
      .check()
    await owner.button('Save').click()
    await owner.page.locator('[data-testid=member][data-role=manager]').waitFor()
  })

  it('a tournament with a time, a place and contacts, which the public finds', async () => {
    const { page } = manager
    await manager.open(`${organizationPath}/events/new`)
    await page.getByLabel('Name of the tournament').fill('Summer Night Cup')
    await page.getByLabel('Begins').fill('2031-06-12T19:30')
    await page.getByLabel('Ends').fill('2031-06-12T18:30')
    await page.getByLabel('Address').fill('Stadium by the river\nRiver Street 12')
    await page.getByLabel('What it is about').fill('Bring shin pads.')
    await manager.button('Create tournament').click()
    await page.getByText('The end must come after the start.').waitFor()
    await page.getByLabel('Ends').fill('2031-06-12T23:00')
    await manager.button('Create tournament').click()
    await heading(manager, 'Summer Night Cup').waitFor()
    eventPath = pathOf(manager)
    await manager.button('Add contact').click()
    await dialog(manager).getByLabel('First name').fill('Uwe')
    await dialog(manager).getByLabel('Last name').fill('Brandt')
    await dialog(manager).getByLabel('Phone').fill('+49 30 555 01 77')
    await manager.button('Save').last().click()
    await manager.byId('contact').getByText('Uwe Brandt').waitFor()

    const visitor = await laptop()
    await visitor.open('/')
    await visitor.page.getByRole('link', { name: 'Find a tournament' }).click()
    await visitor.page.getByLabel('Name, place or what it is about').fill('shin PADS')
    await visitor
      .byId('found')
      .getByRole('link', { name: /Summer Night Cup/ })
      .click()
    await heading(visitor, 'Summer Night Cup').waitFor()
    await visitor.page.getByText('Organised by Riverside FC').waitFor()
    const map = await visitor.page.getByRole('link', { name: 'Open in maps' }).getAttribute('href')
    expect(map).toMatch(/^https:\/\/www\.openstreetmap\.org\/search\?query=Stadium/)
    await visitor.page.getByRole('link', { name: 'Join' }).click()
    await visitor.page.getByText('You are joining').waitFor()
    joinCode = pathOf(visitor).split('/').at(-1) ?? ''
  })

  it('players are seen by first name and one letter, their organiser sees the whole name', async () => {
    const phone = await openPhone(browser, matchday.url, ['Pia', 'Schwarz'], { serviceWorkers: 'block' })
    devices.push(phone)
    await phone.open(`/j/${joinCode}`)
    await fillIn(phone)
    expect(await phone.byId('seen-as').textContent()).toBe('Others see: Pia S.')
    await phone.page.getByLabel(/Show my whole name/).check()
    expect(await phone.byId('seen-as').textContent()).toBe('Others see: Pia Schwarz')
    await phone.page.getByLabel(/Show my whole name/).uncheck()
    await phone.button('I’m in').click()
    await phone.byId('confirm-pick').waitFor()
    await manager.button('Show whole names').click()
    await manager.byId('whole-names').getByText('Pia Schwarz').waitFor()
    await manager.byId('whole-names').getByText('Others see Pia S.').waitFor()
  })

  it('a manager runs the tournament without the organiser’s token', async () => {
    const { page } = manager
    await page.getByRole('link', { name: 'Run it' }).click()
    await manager.byId('joining-toggle').click()
    await page.getByRole('button', { name: 'Open joining' }).waitFor()
    await manager.byId('joining-toggle').click()
    await page.getByRole('button', { name: 'Close joining' }).waitFor()
  })

  it('a private tournament lets players in one by one, and nobody else sees it', async () => {
    const { page } = manager
    await manager.open(eventPath)
    await page.getByRole('radio', { name: /Private/ }).check()
    await manager.button('Save').click()
    await page.getByText('Saved.').waitFor()
    await page.getByText('Nobody is waiting.').waitFor()

    const visitor = await laptop()
    await visitor.open(`/events/${eventPath.split('/').at(-1)}`)
    await visitor.page.getByText('No such tournament').waitFor()

    const [kim, lee] = await Promise.all(
      [['Kim', 'Keys'] as const, ['Lee', 'Locks'] as const].map(async (name) => {
        const phone = await openPhone(browser, matchday.url, name, { serviceWorkers: 'block' })
        devices.push(phone)
        await phone.open(`/j/${joinCode}`)
        await fillIn(phone)
        await phone.button('I’m in').click()
        await phone.page.getByText('Waiting to be let in').waitFor()
        return phone
      }),
    )
    await manager.button('Let in Kim Keys').click()
    await manager.button('Decline Lee Locks').click()
    await page.getByText('Nobody is waiting.').waitFor()
    await kim!.byId('confirm-pick').waitFor()
    await lee!.page.getByText('Not this time').waitFor()
  })

  it('an incident is opened, talked about and resolved; everybody changes only his own words', async () => {
    const { page } = manager
    await page.getByRole('button', { name: 'Open an incident' }).click()
    await dialog(manager).getByLabel('What is the matter').fill('Floodlight 3 flickers')
    await dialog(manager).getByLabel('Description').fill('Since the storm.')
    await dialog(manager).getByLabel('Priority').selectOption({ label: 'High' })
    await manager.button('Open it').click()
    await heading(manager, 'Floodlight 3 flickers').waitFor()
    await page.getByLabel('Your comment').fill('Called the electrician.')
    await manager.button('Comment').click()
    await manager.byId('comments').getByText('Called the electrician.').waitFor()

    await owner.open(pathOf(manager))
    await owner.byId('comments').getByText('Called the electrician.').waitFor()
    expect(await owner.byId('comments').getByRole('button').count()).toBe(0)
    await owner.page.getByLabel('Status').selectOption({ label: 'Resolved' })
    await owner.page.getByText(/Closed .*\d/).waitFor()
  })

  it('changes tell who did what', async () => {
    await owner.open(`${organizationPath}/changes`)
    const changes = owner.byId('changes')
    await changes.getByText(/Ben Okafor opened an incident “Floodlight 3 flickers”/).waitFor()
    await changes.getByText(/Ada Lovelace registered the organisation “Riverside FC”/).waitFor()
    await owner.page.getByLabel('Done by').selectOption({ label: 'Ben Okafor' })
    await changes.getByText(/Ada Lovelace registered/).waitFor({ state: 'detached' })
    await changes.getByText(/Ben Okafor came into the organisation/).waitFor()
  })

  it('who is taken out is out at once, also on a page that is open', async () => {
    await support.open(`${organizationPath}/people`)
    await support.byId('member').nth(2).waitFor()
    await owner.open(`${organizationPath}/people`)
    await owner.button('Edit Chiara Rossi').click()
    await dialog(owner).getByRole('button', { name: 'Remove from the organisation' }).click()
    await dialog(owner).getByRole('button', { name: 'Remove', exact: true }).click()
    await dialog(owner).waitFor({ state: 'detached' })
    await owner.byId('member').getByText('Chiara Rossi').waitFor({ state: 'detached' })
    await tab(support, 'Incidents').click()
    await support.page.getByText('It is not there (any more).').first().waitFor()
    await support.open('/office')
    await support.page.getByText('You belong to no organisation yet').waitFor()
  })

  it('a tournament that was made without an account is taken into the organisation', async () => {
    const cup = await seed(matchday.url, {
      name: 'Made in the pub',
      players: [['Tom', 'Tanner']],
      teams: { preset: 'classic' },
    })
    const host = await openHost(browser, matchday.url, cup)
    devices.push(host)
    await host.byId('host-more').click()
    await dialog(host).getByRole('button', { name: 'Take into my organisation' }).click()
    await dialog(host).getByText('Sign in to your office first.').waitFor()
    await dialog(host).getByLabel('E-mail address').fill(ada.email)
    await dialog(host).getByLabel('Password', { exact: true }).fill(ada.password)
    await dialog(host).getByRole('button', { name: 'Sign in' }).click()
    await dialog(host).getByLabel('Organisation').selectOption({ label: 'Riverside FC' })
    await dialog(host).getByRole('button', { name: 'Take it' }).click()
    await expect.poll(() => pathOf(host), { timeout: 10_000 }).toBe(`${organizationPath}/events/${cup.id}`)
    await heading(host, 'Made in the pub').waitFor()
    // Its people run it now, and whoever is in stays in.
    await manager.open(`/host/${cup.id}`)
    await rowOf(manager, 'Tom T.').waitFor()
    await manager.byId('joining-toggle').click()
    await manager.page.getByRole('button', { name: 'Open joining' }).waitFor()
    await owner.open(`${organizationPath}/changes`)
    await owner
      .byId('changes')
      .getByText(/Ada Lovelace took a tournament into the organisation/)
      .waitFor()
  })

  it('a key is shown once', async () => {
    await owner.open(`${organizationPath}/keys`)
    await owner.button('New key').click()
    await dialog(owner).getByLabel('What it is for').fill('Website')
    await dialog(owner).getByRole('button', { name: 'New key' }).click()
    const key = await owner.byId('shown-once').getByLabel('Key').inputValue()
    expect(key).toMatch(/^mdk_/)
    await owner.button('Close').click()
    await owner.byId('keys').getByText('Website').waitFor()
    expect(await owner.page.content()).not.toContain(key)
    await owner.button('Revoke Website').click()
    await dialog(owner).getByRole('button', { name: 'Revoke' }).click()
    await owner.page.getByText('No keys yet.').waitFor()
  })
})

describe('one’s own account', { timeout: chapterTimeoutMs }, () => {
  it('signing out in one tab signs out in all, and a page that asks for somebody says so', async () => {
    const second = await manager.context.newPage()
    await second.goto(`${matchday.url}/office`)
    await second.getByRole('heading', { name: 'Hello Ben.' }).waitFor()
    await manager.open('/office/account')
    await manager.button('Sign out').first().click()
    await manager.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await second.getByRole('heading', { name: 'Sign in' }).waitFor()
    await second.close()
  })

  it('a forgotten password is set anew by the link of a mail, which works once', async () => {
    const { page } = manager
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail address').fill(ben.email)
    await manager.button('Send me a link').click()
    await manager.byId('check-mail').waitFor()
    const path = await mailedPath(matchday.url, 'staff', ben.email)
    await manager.open(path)
    await page.getByRole('textbox', { name: 'New password' }).fill('a new and much longer one')
    await manager.button('Set password').click()
    await page.getByText('The new password is set').waitFor()
    await page.getByRole('link', { name: 'To sign in' }).click()
    await signInOn(manager, ben)
    await page.getByText('E-mail address or password is wrong.').waitFor()
    await signInOn(manager, { ...ben, password: 'a new and much longer one' })
    await heading(manager, 'Hello Ben.').waitFor()
    await manager.open(path)
    await manager.open(path)
    await page.getByRole('textbox', { name: 'New password' }).fill('yet another, even longer one')
    await manager.button('Set password').click()
    await page.getByText('This link is no longer good').waitFor()
    await page.getByRole('link', { name: 'Send another link' }).click()
    await page.getByLabel('E-mail address').fill(ben.email)
    await manager.button('Send me a link').click()
    await manager.byId('check-mail').waitFor()
  })

  it('mails that nobody sends are shown on the server’s own computer, and their links work there', async () => {
    const { page } = manager
    await manager.open('/outbox')
    await manager.byId('mails').getByText(ben.email).first().waitFor()
    await manager.byId('mails').getByRole('link').first().click()
    await page.getByRole('textbox', { name: 'New password' }).fill('the third of long passwords')
    await manager.button('Set password').click()
    await page.getByRole('link', { name: 'To sign in' }).click()
    await signInOn(manager, { ...ben, password: 'the third of long passwords' })
    await heading(manager, 'Hello Ben.').waitFor()
  })

  it('a link that was used, is old or is broken leads to a page that says so', async () => {
    const stranger = await laptop()
    const unknown = '01a2200a-e783-7add-a821-e19fb6b40a9c.jsPY3aNaN-hKCkW4wQiFFn7_tKdknTa28qwI4uKwRJY'
    for (const path of [
      setupPath,
      '/setup',
      `/invite#${unknown}`,
      '/invite#cut',
      '/office/confirm#cut',
      '/office/reset#cut',
      '/me/confirm#cut',
    ]) {
      await stranger.open('/')
      await stranger.open(path)
      await heading(stranger, 'This link is no longer good').waitFor()
      await expect.poll(() => stranger.page.evaluate('location.hash'), { timeout: 10_000 }).toBe('')
    }
  })

  it('a session that has ended elsewhere asks to sign in again, and goes on where it was', async () => {
    await owner.open(`${organizationPath}/people`)
    await owner.byId('member').first().waitFor()
    const other = await laptop()
    await other.open('/office')
    await signInOn(other, ada)
    await heading(other, 'Hello Ada.').waitFor()
    await other.open('/office/account')
    await other.button('Sign out everywhere').click()
    await dialog(other).getByRole('button', { name: 'Sign out' }).click()
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await untilSignedOut(owner)
    await tab(owner, 'Incidents').click()
    await owner.page.getByText('Your session has ended. Please sign in again.').waitFor()
    await signInOn(owner, ada)
    await heading(owner, 'Incidents').waitFor()
  })
})
