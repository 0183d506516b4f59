import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type Device, launchBrowser, sizes, untilStill } from './support/browser.ts'
import { removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import { type Gallery, type Picture, shots } from './support/shots.ts'

/**
 * Takes a picture of every screen and state in three sizes, light and dark: `<screen>-<state>--<size>-<theme>.png`.
 * Called by script/screenshots with the folder.
 */
const folder = process.argv[2] ?? 'screenshots'
const themes = ['light', 'dark'] as const
/** So many screens at a time: two keep both cores busy. */
const photographers = 2

async function photograph(name: string, device: Device, picture: Picture): Promise<number> {
  const { page } = device
  let count = 0
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    for (const size of picture.sizes) {
      await page.setViewportSize(sizes[size])
      await untilStill(device)
      await page.screenshot({ path: join(folder, `${name}--${size}-${theme}.png`) })
      count++
    }
  }
  return count
}

async function takeAll(browser: Browser, url: string): Promise<number> {
  const gallery: Gallery = { browser, url }
  const waiting = Object.entries(shots)
  let count = 0
  const photographer = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, picture] = next
      try {
        const device = await picture.open(gallery)
        const taken = await photograph(name, device, picture)
        count += taken
        await device.context.close()
      } catch (fault) {
        throw new Error(`no picture of ${name}`, { cause: fault })
      }
    }
  }
  await Promise.all(Array.from({ length: photographers }, photographer))
  return count
}

/** Pictures of an earlier run; nothing else in the folder is touched. */
async function removeOldPictures(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const sizeNames = Object.keys(sizes).join('|')
  const ours = new RegExp(`^[a-z-]+--(${sizeNames})-(${themes.join('|')})\\.png$`)
  for (const file of await readdir(folder)) if (ours.test(file)) await rm(join(folder, file))
}

const startedAt = performance.now()
await removeOldPictures()
const dataDirectory = await temporaryFolder()
const matchday = await startMatchday({ dataDirectory })
const browser = await launchBrowser()
try {
  const count = await takeAll(browser, matchday.url)
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  console.log(`${count} pictures in ${folder}, ${seconds} s`)
} finally {
  await browser.close()
  await matchday.stop()
  await removeFolder(dataDirectory)
}
