import { type Device, type DeviceOptions, openDevice } from './browser.ts'
import { must } from './client.ts'
import { longWords, type SeededOffice, seedOffice, usualWords } from './office-seeding.ts'
import {
  bearer,
  newPlayerAccount,
  newStaffAccount,
  officeOf,
  openAs,
  type Person,
  person,
  signInOn,
} from './people.ts'
import type { Gallery, Picture } from './shots.ts'

const everywhere = ['phone', 'laptop', 'projector'] as const
const still = { reducedMotion: 'reduce', serviceWorkers: 'block' } as const
/** Looks like the token of a link, and is none. */
const noToken = '01a2200a-e783-7add-a821-e19fb6b40a9c.jsPY3aNaN-hKCkW4wQiFFn7_tKdknTa28qwI4uKwRJY'

type Seeded = {
  usual: SeededOffice
  long: SeededOffice
  newcomer: Person
  pendingId: string
  blockedId: string
}

const seeded = new WeakMap<Gallery, Promise<Seeded>>()

/** What all pictures of people share: the first one that needs it makes it. */
function officesOf(gallery: Gallery): Promise<Seeded> {
  const known = seeded.get(gallery)
  if (known) return known
  const made = seedAll(gallery)
  seeded.set(gallery, made)
  return made
}

async function seedAll({ url, root }: Gallery): Promise<Seeded> {
  const usual = await seedOffice(url, usualWords, root)
  const long = await seedOffice(url, longWords, root)
  const newcomer = person('Nora', 'Bakker')
  await newStaffAccount(url, newcomer)
  const pending = await officeOf(url, newcomer, 'Harbour Handball')
  const blocked = await officeOf(url, newcomer, 'Offside United')
  const token = await bearer(url, 'staff', root)
  const path = { organizationId: blocked.organizationId }
  await must(url, 'approveOrganization', { path, token, body: { approved: false } })
  const lost = {
    ...person('Lena', 'Brandt'),
    email: `${'lena.brandt.'.repeat(4)}lena@${'office.'.repeat(12)}example`,
  }
  await newStaffAccount(url, lost)
  for (const { email } of [newcomer, lost]) await must(url, 'signOutStaffAccount', { token, body: { email } })
  await must(url, 'signOutPlayerAccount', { token, body: { email: usual.player.email } })
  return { usual, long, newcomer, pendingId: pending.organizationId, blockedId: blocked.organizationId }
}

/** Everything on it has arrived. */
async function settled(device: Device): Promise<Device> {
  await device.page.locator('h1').first().waitFor()
  await device.page.locator('.waiting, [aria-busy=true]').first().waitFor({ state: 'detached' })
  return device
}

type Act = (device: Device, seeded: Seeded) => Promise<unknown>

/** A page that needs nobody to sign in. */
function outside(path: string | ((seeded: Seeded) => string), act?: Act, options?: DeviceOptions): Picture {
  return {
    sizes: everywhere,
    async open(gallery) {
      const made = await officesOf(gallery)
      const device = await openDevice(gallery.browser, gallery.url, { ...still, ...options })
      await device.open(typeof path === 'string' ? path : path(made))
      await settled(device)
      await act?.(device, made)
      return device
    },
  }
}

/** A page of somebody who is signed in. */
function inside(
  who: (seeded: Seeded, gallery: Gallery) => Person,
  path: (seeded: Seeded) => string,
  act?: Act,
  door = '/office',
): Picture {
  return {
    sizes: everywhere,
    async open(gallery) {
      const made = await officesOf(gallery)
      const device = await openAs(gallery.browser, gallery.url, who(made, gallery), door, {
        ...still,
        size: 'phone',
      })
      await device.open(path(made))
      await settled(device)
      await act?.(device, made)
      return device
    },
  }
}

const owner = ({ usual }: Seeded) => usual.owner
const longOwner = ({ long }: Seeded) => long.owner
const support = ({ usual }: Seeded) => usual.support
const newcomer = (made: Seeded) => made.newcomer
const player = ({ usual }: Seeded) => usual.player
const longPlayer = ({ long }: Seeded) => long.player
const root = (_: Seeded, gallery: Gallery) => gallery.root

const office =
  (part = '') =>
  ({ usual }: Seeded) =>
    `/office/${usual.organizationId}${part}`
const longOffice =
  (part = '') =>
  ({ long }: Seeded) =>
    `/office/${long.organizationId}${part}`

const dialogBy =
  (name: string | RegExp): Act =>
  async (device) => {
    await device.button(name).first().click()
    await device.page.getByRole('dialog').locator('input, textarea, button').nth(1).waitFor()
  }

const entrances: Readonly<Record<string, Picture>> = {
  setup: {
    sizes: everywhere,
    async open({ browser, url }) {
      const device = await openDevice(browser, url, still)
      // As if nobody had an account yet.
      await device.page.route('**/api/staff/sign-in', async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, json: { ...(await response.json()), needsSetup: true } })
      })
      await device.open(`/setup#${noToken}`)
      return settled(device)
    },
  },
  'setup-gone': outside('/setup'),
  'sign-in': outside('/office'),
  'sign-in-error': outside('/office', async (device, { usual }) => {
    await signInOn(device, { ...usual.owner, password: 'not her password' })
    await device.page.getByText('E-mail address or password is wrong.').waitFor()
  }),
  'sign-up': outside('/office/sign-up'),
  'sign-up-error': outside('/office/sign-up', async (device) => {
    await device.page.getByLabel('First name').fill('Ada')
    await device.page.getByLabel('E-mail address').fill('ada at example')
    await device.page.getByLabel('Password', { exact: true }).fill('short')
    await device.button('Create account').click()
    await device.page.getByText('This is no e-mail address.').waitFor()
  }),
  'sign-up-sent': outside('/office/sign-up', async (device) => {
    const { firstName, lastName, email, password } = person('Zoe', 'Zander')
    await device.page.getByLabel('First name').fill(firstName)
    await device.page.getByLabel('Last name').fill(lastName)
    await device.page.getByLabel('E-mail address').fill(email)
    await device.page.getByLabel('Password', { exact: true }).fill(password)
    await device.button('Create account').click()
    await device.byId('check-mail').waitFor()
  }),
  confirm: outside(`/office/confirm#${noToken}`),
  forgot: outside('/office/forgot'),
  reset: outside(`/office/reset#${noToken}`),
  'reset-gone': outside('/office/reset'),
  'invitation-gone': outside(`/invite#${noToken}`),
  invitation: {
    sizes: everywhere,
    async open(gallery) {
      const { organizationId, token } = (await officesOf(gallery)).usual
      const path = { organizationId }
      const { body } = await must(gallery.url, 'createInvitation', { path, token, body: { role: 'manager' } })
      const device = await openDevice(gallery.browser, gallery.url, still)
      await device.open(body.link)
      await device.page.getByText('You are invited to').waitFor()
      return device
    },
  },
  outbox: outside('/outbox'),
  'sign-in-german': outside('/office', undefined, { locale: 'de-DE' }),
}

const events: Readonly<Record<string, Picture>> = {
  events: outside('/events'),
  'events-nothing': outside('/events?query=nothing'),
  event: outside(({ usual }) => `/events/${usual.tournamentId}`),
  'event-long-words': outside(({ long }) => `/events/${long.tournamentId}`),
  'event-gone': outside('/events/01890000-0000-7000-8000-000000000000'),
}

const offices: Readonly<Record<string, Picture>> = {
  office: inside(owner, () => '/office'),
  'office-newcomer': inside(newcomer, () => '/office'),
  'office-waiting': inside(newcomer, ({ pendingId }) => `/office/${pendingId}`),
  'office-blocked': inside(newcomer, ({ blockedId }) => `/office/${blockedId}`),
  'office-register': inside(newcomer, () => '/office/register'),
  'office-account': inside(owner, () => '/office/account'),
  'office-account-delete': inside(owner, () => '/office/account', dialogBy('Delete account')),
  organization: inside(owner, office()),
  'organization-support': inside(support, office()),
  'organization-long-words': inside(longOwner, longOffice()),
  people: inside(owner, office('/people')),
  'people-long-words': inside(longOwner, longOffice('/people')),
  'people-invite': inside(owner, office('/people'), dialogBy('Invite somebody')),
  'people-invited': inside(owner, office('/people'), async (device, made) => {
    await dialogBy('Invite somebody')(device, made)
    await device.button('Make the link').click()
    await device.page.getByRole('dialog').locator('svg[role=img]').waitFor()
  }),
  'people-member': inside(owner, office('/people'), dialogBy(/^Edit/)),
  incidents: inside(owner, office('/incidents')),
  'incidents-open': inside(owner, office('/incidents'), dialogBy('Open an incident')),
  incident: inside(owner, (made) => office(`/incidents/${made.usual.incidentId}`)(made)),
  'incident-long-words': inside(longOwner, (made) => longOffice(`/incidents/${made.long.incidentId}`)(made)),
  changes: inside(owner, office('/changes'), (device) => device.page.getByText('Details').first().click()),
  keys: inside(owner, office('/keys')),
  'keys-new': inside(owner, office('/keys'), dialogBy('New key')),
  settings: inside(owner, office('/settings')),
  'settings-delete': inside(owner, office('/settings'), dialogBy('Delete the organisation')),
}

const tournaments: Readonly<Record<string, Picture>> = {
  'office-event-new': inside(owner, office('/events/new')),
  'office-event-new-error': inside(owner, office('/events/new'), async (device) => {
    await device.page.getByLabel('Begins').fill('2031-06-12T19:30')
    await device.page.getByLabel('Ends').fill('2031-06-12T18:30')
    await device.button('Create tournament').click()
    await device.page.getByText('The end must come after the start.').waitFor()
  }),
  'office-event': inside(owner, (made) => office(`/events/${made.usual.tournamentId}`)(made)),
  'office-event-long-words': inside(longOwner, (made) =>
    longOffice(`/events/${made.long.tournamentId}`)(made),
  ),
  'office-event-private': inside(
    owner,
    (made) => office(`/events/${made.usual.privateId}`)(made),
    (device) => device.byId('request').first().waitFor(),
  ),
  'office-event-contact': inside(
    owner,
    (made) => office(`/events/${made.usual.tournamentId}`)(made),
    dialogBy('Add contact'),
  ),
  'host-private': inside(
    owner,
    ({ usual }) => `/host/${usual.privateId}`,
    (device) => device.byId('host-requests').waitFor(),
  ),
}

const seats: Readonly<Record<string, Picture>> = {
  me: inside(player, () => '/me', undefined, '/me'),
  'me-long-words': inside(longPlayer, () => '/me', undefined, '/me'),
  'me-account': inside(player, () => '/me/account', undefined, '/me'),
  'me-account-delete': inside(player, () => '/me/account', dialogBy('Delete account'), '/me'),
  'me-empty': {
    sizes: everywhere,
    async open(gallery) {
      const somebody = person('Sam', 'Newman')
      await newPlayerAccount(gallery.url, somebody)
      return settled(await openAs(gallery.browser, gallery.url, somebody, '/me', { ...still, size: 'phone' }))
    },
  },
  'me-sign-in': outside('/me'),
  'me-sign-up': outside('/me/sign-up'),
}

const preview: Act = async (device) => {
  await device.button('Enter preview').click()
  await device.byId('preview-bar').waitFor()
  await settled(device)
}

const administration: Readonly<Record<string, Picture>> = {
  admin: inside(root, () => '/admin', undefined, '/admin'),
  'admin-organization': inside(
    root,
    ({ usual }) => `/admin/organizations/${usual.organizationId}`,
    undefined,
    '/admin',
  ),
  'admin-organization-long-words': inside(
    root,
    ({ long }) => `/admin/organizations/${long.organizationId}`,
    undefined,
    '/admin',
  ),
  'admin-block': inside(
    root,
    ({ usual }) => `/admin/organizations/${usual.organizationId}`,
    dialogBy('Block'),
    '/admin',
  ),
  'admin-preview': inside(
    root,
    ({ usual }) => `/admin/organizations/${usual.organizationId}`,
    preview,
    '/admin',
  ),
  'admin-administrators': inside(root, () => '/admin/administrators', undefined, '/admin'),
  'admin-add': inside(root, () => '/admin/administrators', dialogBy('Add administrator'), '/admin'),
  'admin-accounts': inside(root, () => '/admin/accounts', undefined, '/admin'),
  'admin-sign-out': inside(root, () => '/admin/accounts', dialogBy('Sign somebody out'), '/admin'),
  'admin-changes': inside(root, () => '/admin/changes', undefined, '/admin'),
  'admin-not-yours': inside(owner, () => '/admin'),
}

/** Accounts, organisations and public tournaments: every screen of theirs. */
export const peopleShots: Readonly<Record<string, Picture>> = {
  ...entrances,
  ...events,
  ...offices,
  ...tournaments,
  ...seats,
  ...administration,
}
