import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mailedPath } from '../support/accounts.ts'
import { type Device, launchBrowser, openDevice, untilLive } from '../support/browser.ts'
import { tellInChapters } from '../support/chapters.ts'
import { must } from '../support/client.ts'
import { type Matchday, removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { bearer, newPlayerAccount, person, signInOn, untilSignedOut } from '../support/people.ts'

const chapterTimeoutMs = 90_000

const root = {
  ...person('Greta', 'Lindqvist'),
  email: 'root@example.org',
  password: 'the very first password',
}
const hugo = person('Hugo', 'Martinez')
const ada = person('Ada', 'Lovelace')

let matchday: Matchday
let browser: Browser
let superadmin: Device
let admin: Device
let owner: Device
let organizationPath = ''
const devices: Device[] = []

tellInChapters()
beforeAll(async () => {
  matchday = await startMatchday({
    dataDirectory: await temporaryFolder(),
    flags: ['--registration', 'approved'],
    env: { MATCHDAY_SUPERADMIN_EMAIL: root.email, MATCHDAY_SUPERADMIN_PASSWORD: root.password },
  })
  browser = await launchBrowser()
  superadmin = await laptop()
  admin = await laptop()
  owner = await laptop()
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

const dialog = ({ page }: Device) => page.getByRole('dialog')
const heading = ({ page }: Device, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const tab = ({ page }: Device, name: string) =>
  page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name })

describe('whoever runs the platform', { timeout: chapterTimeoutMs }, () => {
  it('somebody signs up and registers an organisation, and is told honestly that it waits', async () => {
    const { page } = owner
    await owner.open('/office/sign-up')
    await page.getByText('An administrator looks at each new organisation first.').waitFor()
    await page.getByLabel('First name').fill(ada.firstName)
    await page.getByLabel('Last name').fill(ada.lastName)
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await owner.button('Create account').click()
    await owner.byId('check-mail').waitFor()
    await owner.open(await mailedPath(matchday.url, 'staff', ada.email))
    await page.getByLabel('Password', { exact: true }).fill(ada.password)
    await owner.button('Confirm and sign in').click()
    await page.getByText('You belong to no organisation yet').waitFor()
    await page.getByRole('link', { name: 'Register an organisation' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Riverside FC')
    await page.getByLabel(/Website/).fill('https://riverside.example')
    await owner.button('Register').click()
    await heading(owner, 'Waiting for approval').waitFor()
    organizationPath = new URL(page.url()).pathname
  })

  it('the superadministrator of the configuration names an administrator, who sets a password by a link', async () => {
    const { page } = superadmin
    await superadmin.open('/admin/administrators')
    await signInOn(superadmin, root)
    await heading(superadmin, 'Administrators').waitFor()
    await superadmin.button('Add administrator').click()
    await dialog(superadmin).getByLabel('E-mail address').fill(hugo.email)
    await dialog(superadmin).getByLabel('First name').fill(hugo.firstName)
    await dialog(superadmin).getByLabel('Last name').fill(hugo.lastName)
    await dialog(superadmin).getByRole('button', { name: 'Add administrator' }).click()
    await page.getByText('Hugo Martinez').waitFor()
    await admin.open(await mailedPath(matchday.url, 'staff', hugo.email))
    await admin.page.getByRole('textbox', { name: 'New password' }).fill(hugo.password)
    await admin.button('Set password').click()
    await admin.page.getByRole('link', { name: 'To sign in' }).click()
    await signInOn(admin, hugo)
    await admin.page.getByRole('link', { name: 'Administration' }).click()
    await heading(admin, 'Organisations').waitFor()
  })

  it('an administrator may not name others, and is offered nothing of it', async () => {
    await tab(admin, 'Administrators').click()
    await admin.byId('administrator').nth(1).waitFor()
    expect(await admin.button('Add administrator').count()).toBe(0)
    expect(await admin.byId('administrator').getByRole('button').count()).toBe(0)
  })

  it('looks at who waits, and approves; its people can work at once', async () => {
    await tab(admin, 'Organisations').click()
    await admin.byId('organization').getByText('Riverside FC').click()
    await heading(admin, 'Riverside FC').waitFor()
    await admin.page.getByText(ada.email).waitFor()
    await admin.button('Approve').click()
    await admin.page.getByText('It is approved').waitFor()
    await owner.open(organizationPath)
    await owner.page.getByText('No tournament yet.').waitFor()
  })

  it('looks into it, under a bar that never lets him forget it, and leaves', async () => {
    await admin.open(organizationPath)
    await admin.page.getByText('Look into this organisation by its preview.').waitFor()
    await admin.open('/admin')
    await admin.page.getByLabel('Show').selectOption({ label: 'Approved' })
    await admin.byId('organization').getByText('Riverside FC').click()
    await admin.button('Enter preview').click()
    await admin.byId('preview-bar').getByText('You are looking into').waitFor()
    await admin.page.getByText('No tournament yet.').waitFor()
    for (const path of ['/office', '/office/account', '/admin']) {
      await admin.open(path)
      await admin.byId('preview-bar').waitFor()
    }
    await admin.open(`${organizationPath}/events/new`)
    await admin.page.getByLabel('Name of the tournament').fill('Made in preview')
    await admin.page.getByLabel('Begins').fill('2031-06-12T19:30')
    await admin.button('Create tournament').click()
    await heading(admin, 'Made in preview').waitFor()
    await admin.page.getByRole('link', { name: 'Run it' }).click()
    await admin.byId('preview-bar').waitFor()
    await admin.button('Leave preview').click()
    await heading(admin, 'Organisations').waitFor()
    expect(await admin.byId('preview-bar').count()).toBe(0)
    // Its owner reads who was there.
    await owner.open(`${organizationPath}/changes`)
    await owner
      .byId('changes')
      .getByText(/Hugo Martinez/)
      .first()
      .waitFor()
  })

  it('signs somebody out everywhere who cannot do it himself, and that is on record', async () => {
    const pia = person('Pia', 'Petersen')
    await newPlayerAccount(matchday.url, pia)
    const phone = await laptop()
    await phone.open('/me')
    await signInOn(phone, pia)
    await phone.page.getByText('No seat yet').waitFor()
    await tab(admin, 'Accounts').click()
    await heading(admin, 'Accounts').waitFor()
    const inDialog = {
      email: () => dialog(admin).getByLabel('E-mail address'),
      signOut: () => dialog(admin).getByRole('button', { name: 'Sign out everywhere' }).click(),
    }
    await admin.button('Sign somebody out').click()
    await inDialog.email().fill('nobody@example.org')
    await inDialog.signOut()
    const none = dialog(admin).getByText('No organiser has an account with this address.')
    await none.waitFor()
    await dialog(admin).getByRole('radio', { name: 'Players' }).check()
    await none.waitFor({ state: 'detached' })
    await dialog(admin).getByRole('radio', { name: 'Organisers' }).check()
    expect(await none.count()).toBe(0)
    await inDialog.email().fill(root.email)
    await inDialog.signOut()
    await dialog(admin).getByText('whose role is junior to yours').waitFor()
    await inDialog.email().fill(ada.email)
    await inDialog.signOut()
    await dialog(admin).waitFor({ state: 'detached' })
    await admin.byId('signed-out-staff').getByText(`signed out ${ada.email}`).waitFor()
    await admin.button('Sign somebody out').click()
    await dialog(admin).getByRole('radio', { name: 'Players' }).check()
    await inDialog.email().fill(pia.email)
    await inDialog.signOut()
    await dialog(admin).waitFor({ state: 'detached' })
    await admin.byId('signed-out-players').getByText(`Hugo Martinez signed out ${pia.email}`).waitFor()

    await untilSignedOut(owner)
    await tab(admin, 'Organisations').click()
    await owner.open(organizationPath)
    await owner.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await signInOn(owner, ada)
    await owner.page.getByText('Made in preview').first().waitFor()
    await phone.open('/me')
    await phone.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('blocks with the name typed out; its people are signed out, and its tournaments are not found any more', async () => {
    const token = await bearer(matchday.url, 'staff', ada)
    const organizationId = organizationPath.split('/').at(-1)!
    const { items } = (
      await must(matchday.url, 'listOrganizationTournaments', { path: { organizationId }, token })
    ).body
    expect(items.map(({ name }) => name)).toEqual(['Made in preview'])
    const [visitor, wall] = [await laptop(), await laptop()]
    await visitor.open('/events?query=preview')
    await visitor.byId('found').getByText('Made in preview').waitFor()
    await wall.open(`/screen/${items[0]!.id}`)
    await heading(wall, 'Made in preview').waitFor()
    await untilLive(wall)
    await admin.open(`/admin/organizations/${organizationId}`)
    await admin.button('Block').click()
    await dialog(admin).getByText('is signed out at once').waitFor()
    expect(await dialog(admin).getByRole('button', { name: 'Block' }).isDisabled()).toBe(true)
    await dialog(admin)
      .getByLabel(/to confirm/)
      .fill('riverside fc')
    await dialog(admin).getByRole('button', { name: 'Block' }).click()
    await admin.page.getByText('It is blocked').waitFor()
    await expect
      .poll(
        async () => {
          await owner.open(organizationPath)
          await owner.page.locator('h1').first().waitFor()
          return owner.page.getByRole('heading', { name: 'Sign in' }).count()
        },
        { timeout: 10_000 },
      )
      .toBe(1)
    await signInOn(owner, ada)
    await heading(owner, 'This organisation is blocked').waitFor()
    await wall.page.getByText('No such tournament').waitFor()
    await visitor.page.reload()
    await visitor.page.getByText('Nothing found').waitFor()
  })

  it('what administrators did is kept', async () => {
    await superadmin.open('/admin/changes')
    await superadmin
      .byId('changes')
      .getByText(/Hugo Martinez/)
      .first()
      .waitFor()
    await superadmin.page.getByText(/made Hugo Martinez an administrator/).waitFor()
    await superadmin.open('/admin/administrators')
    await superadmin.button('Remove Hugo Martinez').click()
    await dialog(superadmin).getByRole('button', { name: 'Remove' }).click()
    await dialog(superadmin).waitFor({ state: 'detached' })
    await superadmin.byId('administrators').getByText('Hugo Martinez').waitFor({ state: 'detached' })
    await untilSignedOut(admin)
    await tab(admin, 'Changes').click()
    await admin.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
