import type { OperationName, Realm } from '@matchday/contracts'
import type { Browser } from 'playwright-core'
import { type Device, type DeviceOptions, openDevice } from './browser.ts'
import { call, must } from './client.ts'
import type { Matchday } from './matchday.ts'

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

/** The link of the latest mail to that address, which no mail server has sent. */
export async function mailedPath(url: string, realm: Realm, email: string): Promise<string> {
  const name = realm === 'staff' ? 'listStaffMails' : 'listPlayerMails'
  const { items } = (await must(url, name)).body
  const text = items.find(({ to }) => to === email)?.text ?? ''
  const [link] = text.match(/https?:\/\/\S+#\S+/) ?? []
  if (link === undefined) throw new Error(`no mail with a link to ${email}`)
  const { pathname, hash } = new URL(link)
  return pathname + hash
}

/** A session for calls without a browser. */
export async function bearer(url: string, realm: Realm, { email, password }: Person): Promise<string> {
  const name: OperationName = realm === 'staff' ? 'signInStaff' : 'signInPlayer'
  const { body } = await must(url, name, { body: { email, password } })
  const { accessToken } = body
  if (accessToken === undefined) throw new Error('the answer has no token')
  await untilBelieved(url, realm, accessToken)
  return accessToken
}

/** The key of the very first token is made with it, and a gateway asks for new keys once a second. */
async function untilBelieved(url: string, realm: Realm, token: string): Promise<void> {
  const name: OperationName = realm === 'staff' ? 'getStaffProfile' : 'getPlayerProfile'
  const isBelieved = async () => (await call(url, name, { token })).status !== 401
  const deadlineMs = Date.now() + patienceMs
  while (!(await isBelieved())) {
    if (Date.now() > deadlineMs) throw new Error('no gateway believes a new token')
    await new Promise((done) => setTimeout(done, 100))
  }
}

export type Office = { organizationId: string; name: string; owner: Person; token: string }

/** An organisation of somebody new, where anybody may sign up. */
export async function newOffice(url: string, owner: Person, name: string): Promise<Office> {
  await newStaffAccount(url, owner)
  return officeOf(url, owner, name)
}

/** An account for organisers, its address confirmed, where anybody may sign up. */
export async function newStaffAccount(url: string, somebody: Person): Promise<void> {
  await must(url, 'signUpStaff', { body: somebody })
  await confirmMail(url, 'staff', somebody)
}

/** Another organisation of somebody who has an account. */
export async function officeOf(url: string, owner: Person, name: string): Promise<Office> {
  const token = await bearer(url, 'staff', owner)
  const { body } = await must(url, 'registerOrganization', { token, body: { name } })
  return { organizationId: body.organizationId, name, owner, token }
}

/** Somebody new in the organisation, by invitation. */
export async function newMember(
  url: string,
  { organizationId, token }: Office,
  role: 'manager' | 'support',
  member: Person,
): Promise<void> {
  const path = { organizationId }
  const { body } = await must(url, 'createInvitation', { path, token, body: { role } })
  const invitation = new URL(body.link).hash.slice(1)
  await must(url, 'signUpStaff', { body: { ...member, invitation } })
  await confirmMail(url, 'staff', member)
  const own = await bearer(url, 'staff', member)
  await must(url, 'acceptInvitation', { token: own, body: { token: invitation } })
}

/** A player's account, its address confirmed. */
export async function newPlayerAccount(url: string, player: Person): Promise<void> {
  await must(url, 'signUpPlayer', { body: player })
  await confirmMail(url, 'players', player)
}

async function confirmMail(url: string, realm: Realm, { email, password }: Person): Promise<void> {
  const name: OperationName = realm === 'staff' ? 'confirmStaffEmail' : 'confirmPlayerEmail'
  const token = (await mailedPath(url, realm, email)).split('#')[1] ?? ''
  await must(url, name, { body: { token, password } })
}

/** Signs in on the page that is open and asks for it. */
export async function signInOn(device: Device, { email, password }: Person): Promise<void> {
  await device.page.getByLabel('E-mail address').fill(email)
  await device.page.getByLabel('Password', { exact: true }).fill(password)
  await device.button('Sign in').click()
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
