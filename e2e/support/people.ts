import type { Realm } from '@matchday/contracts'
import type { Browser } from 'playwright-core'
import { makeAccount, outboxOf, signedIn } from './accounts.ts'
import { type Device, type DeviceOptions, openDevice } from './browser.ts'
import { must, pathOf } from './client.ts'
import type { Matchday } from './matchday.ts'
import { invitationTo, registerOrganization } from './organizations.ts'
import { until } from './until.ts'

/** Somebody with an account. */
export type Person = { firstName: string; lastName: string; email: string; password: string }

const patienceMs = 20_000

/** Passwords that the realm accepts, and that nobody knows. */
export function person(firstName: string, lastName: string): Person {
  const email = `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, '')
  const word = `${lastName.toLowerCase()}-plays-on-fridays`
  return { firstName, lastName, email: `${email}@example.org`, password: word }
}

/** Until the server has printed this. */
export async function untilPrinted(matchday: Matchday, pattern: RegExp): Promise<RegExpMatchArray> {
  const { stdout } = matchday.process
  const found = () => matchday.output().match(pattern)
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      stdout?.off('data', look)
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error(`not printed: ${pattern}\n${matchday.output()}`))
    }, patienceMs)
    const look = () => {
      const match = found()
      if (!match) return
      end()
      resolve(match)
    }
    stdout?.on('data', look)
    look()
  })
}

/** The link that a fresh installation prints: it makes the first account. */
export async function setupToken(matchday: Matchday): Promise<string> {
  const [, token = ''] = await untilPrinted(matchday, /\/setup#(\S+)/)
  return token
}

/** A session for calls without a browser. */
export async function bearer(url: string, realm: Realm, who: Person): Promise<string> {
  return (await signedIn(url, realm, who)).accessToken
}

export type Office = { organizationId: string; name: string; owner: Person; token: string }

/** An organisation of somebody new, where anybody may sign up. */
export async function newOffice(url: string, owner: Person, name: string): Promise<Office> {
  await newStaffAccount(url, owner)
  return officeOf(url, owner, name)
}

/** An account for organisers, its address confirmed, where anybody may sign up. */
export async function newStaffAccount(url: string, somebody: Person): Promise<void> {
  await makeAccount(url, 'staff', outboxOf(url), somebody)
}

/** Another organisation of somebody who has an account. */
export async function officeOf(url: string, owner: Person, name: string): Promise<Office> {
  const token = await bearer(url, 'staff', owner)
  return { organizationId: await registerOrganization(url, token, name), name, owner, token }
}

/** Somebody new in the organisation, by invitation. */
export async function newMember(
  url: string,
  { organizationId, token }: Office,
  role: 'manager' | 'support',
  member: Person,
): Promise<void> {
  const invitation = await invitationTo(url, organizationId, token, role)
  const { accessToken } = await makeAccount(url, 'staff', outboxOf(url), { ...member, invitation })
  await must(url, 'acceptInvitation', { token: accessToken, body: { token: invitation } })
}

/** A player's account, its address confirmed. */
export async function newPlayerAccount(url: string, player: Person): Promise<void> {
  await makeAccount(url, 'players', outboxOf(url), player)
}

/** Signs in on the page that is open and asks for it. */
export async function signInOn(device: Device, { email, password }: Person): Promise<void> {
  await device.page.getByLabel('E-mail address').fill(email)
  await device.page.getByLabel('Password', { exact: true }).fill(password)
  await device.button('Sign in').click()
}

/** Until the server takes a member of staff for nobody: what ended the session elsewhere has to get there first. */
export async function untilSignedOut({ page }: Device): Promise<void> {
  const address = new URL(pathOf('getStaffProfile'), page.url()).href
  await until('the session is over', async () => (await page.request.get(address)).status() === 401)
}

/** A browser of its own for somebody who is signed in, at that page. */
export async function openAs(
  browser: Browser,
  url: string,
  who: Person,
  path: string,
  options: DeviceOptions = {},
): Promise<Device> {
  const device = await openDevice(browser, url, { size: 'laptop', serviceWorkers: 'block', ...options })
  await device.open(path)
  await signInOn(device, who)
  await device.page.locator('.desk h1').waitFor()
  return device
}
