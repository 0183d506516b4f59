import { initialOf } from '@matchday/contracts'
import type { Browser, Locator } from 'playwright-core'
import { type Device, type DeviceOptions, openDevice } from './browser.ts'

/** A player and what he holds in his hand. */
export type Phone = Device & { firstName: string; lastName: string }

export const people = [
  ['Ana', 'Silva'],
  ['Ben', 'Okafor'],
  ['Chiara', 'Rossi'],
  ['Dmitri', 'Volkov'],
  ['Esra', 'Yıldız'],
  ['Farid', 'Haddad'],
  ['Greta', 'Lindqvist'],
  ['Hugo', 'Martínez'],
  ['Ines', 'Große'],
  ['Jonas', 'O’Neill'],
] as const

/** As everybody sees it: the first name, and one letter of the last one. */
export function shownName({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return `${firstName} ${initialOf(lastName)}`
}

/** Notes what the reveal shows and when, by the machine's clock, which all contexts share. */
export const revealLog = `(() => {
  const log = (globalThis.revealLog = [])
  let last = 'none'
  const look = () => {
    const stage = document.querySelector('[data-testid=reveal]')
    const shown = stage ? (stage.querySelector('.spotlight-name')?.textContent ?? 'intro') : 'none'
    if (shown === last) return
    last = shown
    log.push({ shown, at: Date.now() })
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
})()`
export type Revealed = readonly { shown: string; at: number }[]

export function readRevealLog(device: Device): Promise<Revealed> {
  return device.page.evaluate<Revealed>('globalThis.revealLog')
}

export async function openPhone(
  browser: Browser,
  url: string,
  [firstName, lastName]: readonly [string, string],
  options: DeviceOptions = {},
): Promise<Phone> {
  return Object.assign(await openDevice(browser, url, options), { firstName, lastName })
}

export async function fillIn(phone: Phone): Promise<void> {
  await phone.type(
    [phone.page.getByLabel('First name'), phone.firstName],
    [phone.page.getByLabel('Last name'), phone.lastName],
  )
}

/** From the scan to the seat. */
export async function joinBy(phone: Phone, scanned: string): Promise<void> {
  await phone.open(scanned)
  await fillIn(phone)
  await phone.tap(phone.button('I’m in'))
  await phone.byId('confirm-pick').waitFor()
}

export function teamTile(device: Device, team: string): Locator {
  return device.page.locator(`[data-testid=team-tile][data-team="${team}"]`)
}

export async function pickOn(phone: Phone, team: string): Promise<void> {
  await phone.tap(teamTile(phone, team))
  await phone.tap(phone.byId('confirm-pick'))
  await phone.byId('own-pick').getByText(team, { exact: true }).waitFor()
}

/** A player's line, on the host's screen or in a phone's list. */
export function rowOf(device: Device, name: string): Locator {
  return device.byId('player-row').filter({ hasText: name })
}
