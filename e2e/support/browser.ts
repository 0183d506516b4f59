import type { Locator, Page } from 'playwright-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const launchTimeoutMs = 60_000
/** How long anything on a page may take on a machine that has other things to do. */
const patienceMs = 20_000
/** The browser fetches what pages ask for, and nothing for itself. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export const sizes = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1280, height: 800 },
  projector: { width: 1920, height: 1080 },
} as const
export type Size = keyof typeof sizes

/** One browser for a file; every person in it has a context of his own, with an empty profile. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags, headless: true, timeout: launchTimeoutMs })
}

export type DeviceOptions = BrowserContextOptions & {
  size?: Size
  /** Runs in every page before its own scripts. */
  initScript?: string
}

/** What one person holds in his hands: a browser with a profile of its own, and one tab to begin with. */
export class Device {
  readonly context: BrowserContext
  readonly page: Page
  /** Everything that must not happen, whatever is done: errors, dialogs, forbidden or foreign requests. */
  readonly problems: string[] = []
  /** What the person has done so far: a tap counts as one, and so does typing a name. */
  interactions = 0
  readonly #origin: string

  constructor(origin: string, context: BrowserContext, page: Page) {
    this.#origin = origin
    this.context = context
    this.page = page
    context.on('page', (next) => this.#watch(next))
    context.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url())
      if (/^(https?|wss?):$/.test(protocol) && asked !== this.#origin)
        this.problems.push(`foreign request: ${request.url()}`)
    })
    this.#watch(page)
  }

  /** Goes to an address of the app, whatever its host: the QR code may name one for the local network. */
  async open(address: string): Promise<void> {
    const { pathname, search, hash } = new URL(address, this.#origin)
    await this.page.goto(this.#origin + pathname + search + hash, { waitUntil: 'domcontentloaded' })
  }

  async tap(target: Locator): Promise<void> {
    this.interactions++
    await target.click()
  }

  /** Typing a name counts once, in however many fields. */
  async type(...fields: readonly (readonly [target: Locator, text: string])[]): Promise<void> {
    this.interactions++
    for (const [target, text] of fields) await target.fill(text)
  }

  byId(testId: string): Locator {
    return this.page.getByTestId(testId)
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  #watch(page: Page): void {
    page.setDefaultTimeout(patienceMs)
    page.on('console', (message) => {
      if (message.type() !== 'error' || isNetworkNoise(message.text(), message.location().url)) return
      this.problems.push(`console: ${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.stack ?? error.message}`))
    page.on('crash', () => this.problems.push('the page crashed'))
    page.on('dialog', (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }
}

/** Chromium logs answers of 400 and above, and lost connections, by itself; neither is a fault of the page. */
function isNetworkNoise(text: string, url: string): boolean {
  const isAnswer = text.startsWith('Failed to load resource: the server responded') && url.includes('/api/')
  return isAnswer || text.includes('net::ERR_') || text.startsWith('WebSocket connection to')
}

export async function openDevice(
  browser: Browser,
  url: string,
  options: DeviceOptions = {},
): Promise<Device> {
  const { size = 'phone', initScript, ...context } = options
  const opened = await browser.newContext({
    viewport: sizes[size],
    locale: 'en-GB',
    ...(size === 'phone' ? { hasTouch: true, isMobile: true } : {}),
    ...context,
  })
  if (initScript !== undefined) await opened.addInitScript({ content: initScript })
  return new Device(new URL(url).origin, opened, await opened.newPage())
}

/** Until fonts are there and everything has stopped moving that will stop; a second at most. */
export async function untilStill({ page }: Device): Promise<void> {
  await page.evaluate(`Promise.race([
    document.fonts.ready
      .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      .then(() => Promise.all(
        document.getAnimations()
          .filter((one) => one.effect?.getComputedTiming().endTime < 5_000)
          .map((one) => one.finished.catch(() => {})),
      )),
    new Promise((done) => setTimeout(done, 1_000)),
  ])`)
}

function bannerOf({ page }: Device, status: 'live' | 'lost'): Locator {
  return page.locator(`[data-testid=connection-banner][data-status=${status}]`)
}

/** Until the page hears at once of everything that happens; before that it only fetches how things are. */
export async function untilLive(device: Device): Promise<void> {
  await bannerOf(device, 'live').waitFor({ state: 'attached' })
}

/** Until the page tells its reader that the connection is lost. */
export async function untilLost(device: Device): Promise<void> {
  await bannerOf(device, 'lost').waitFor()
}
