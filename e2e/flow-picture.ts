import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type Device, launchBrowser, sizes, untilLive, untilStill } from './support/browser.ts'
import { must, pick } from './support/client.ts'
import { removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import { people, teamTile } from './support/phones.ts'
import { drawNow, openHost, openSeat, type Seeded, seed } from './support/seeding.ts'

/** Draws the picture of the README: an evening in four screens. Called by script/flow-picture with the file. */
const file = process.argv[2] ?? 'docs/images/flow.webp'
const quality = 80
/** Pixels of the file for each of the page. */
const sharpness = 1.5
const bytesMax = 200_000
const dark = { colorScheme: 'dark', serviceWorkers: 'block' } as const

type Scene = { caption: string; picture: Buffer; size: keyof typeof sizes }

async function pictured(device: Device, caption: string, size: Scene['size']): Promise<Scene> {
  await untilStill(device)
  return { caption, size, picture: await device.page.screenshot() }
}

async function evening(browser: Browser, url: string): Promise<Scene[]> {
  const made = await seed(url, {
    name: 'Friday Night Cup',
    limit: people.length,
    players: people.slice(0, 9),
    picked: 6,
    teams: { preset: 'classic' },
  })
  const host = await openHost(browser, url, made, { ...dark, size: 'laptop' })
  const phone = await openSeat(browser, url, made, made.players[8]!, dark)
  await Promise.all([host, phone].map(untilLive))
  await teamTile(phone, made.teams[8]!).click()
  await host.page.getByText(`looks at ${made.teams[8]}`).waitFor()
  const scenes = [await pictured(host, '1  Scan', 'laptop'), await pictured(phone, '2  Pick', 'phone')]
  await drawn(url, made, [host, phone])
  await phone.page.locator('.spotlight[data-settled=true]').filter({ hasText: people[2][0] }).waitFor()
  scenes.push({ caption: '3  Draw', size: 'phone', picture: await phone.page.screenshot() })
  await phone.button('Skip').click()
  await phone.byId('own-team').waitFor()
  scenes.push(await pictured(phone, '4  Play · check', 'phone'))
  return scenes
}

/** The others pick, and the draw begins as soon as nobody else can come. */
async function drawn(url: string, made: Seeded, watching: readonly Device[]): Promise<void> {
  for (const index of [6, 7, 8]) await pick(url, made.id, made.players[index]!, made.teams[index]!)
  await must(url, 'setJoining', { path: { id: made.id }, token: made.organizer, body: { open: false } })
  await drawNow(url, made)
  await Promise.all(watching.map((device) => device.byId('reveal').waitFor()))
}

function pageOf(scenes: readonly Scene[]): string {
  const figures = scenes.map(({ caption, picture, size }) => {
    const { width, height } = sizes[size]
    const source = `data:image/png;base64,${picture.toString('base64')}`
    return `<figure><img src="${source}" style="aspect-ratio: ${width} / ${height}"><figcaption>${caption}</figcaption></figure>`
  })
  return `<!doctype html><style>
    body { display: flex; gap: 22px; align-items: end; margin: 0; padding: 24px; width: max-content; background: #0a1013 }
    figure { margin: 0 }
    img { display: block; height: 400px; border: 1px solid #33454e; border-radius: 14px }
    figcaption { margin-top: 12px; color: #d3f34b; font: 800 22px "Liberation Sans Narrow", sans-serif; white-space: pre }
  </style>${figures.join('')}`
}

/** Chromium writes WebP, which Playwright does not ask it for. */
async function asWebp(page: Page): Promise<Buffer> {
  const box = await page.locator('body').boundingBox()
  if (!box) throw new Error('the picture is empty')
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality,
    captureBeyondViewport: true,
    clip: { ...box, scale: sharpness },
  })
  return Buffer.from(data, 'base64')
}

const dataDirectory = await temporaryFolder()
const matchday = await startMatchday({ dataDirectory })
const browser = await launchBrowser()
try {
  const scenes = await evening(browser, matchday.url)
  const page = await browser.newPage({ viewport: { width: 2_000, height: 520 } })
  await page.setContent(pageOf(scenes), { waitUntil: 'load' })
  const picture = await asWebp(page)
  if (picture.length > bytesMax) throw new Error(`${file} would have ${picture.length} bytes`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, picture)
  console.log(`${file}, ${Math.round(picture.length / 1_000)} kB`)
} finally {
  await browser.close()
  await matchday.stop()
  await removeFolder(dataDirectory)
}
