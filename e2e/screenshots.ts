import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Device, launchBrowser, type Size, sizes, untilStill } from './support/browser.ts'
import { removeFolder, startMatchday, temporaryFolder } from './support/matchday.ts'
import { person } from './support/people.ts'
import { peopleShots } from './support/people-shots.ts'
import { type Gallery, type Picture, shots } from './support/shots.ts'

/**
 * Takes a picture of every screen and state in three sizes, light and dark: `<screen>-<state>--<size>-<theme>.png`.
 * Called by script/screenshots with the folder, and, when only some are wanted, with beginnings of their names.
 */
const [, , folder = 'screenshots', ...wanted] = process.argv
const themes = ['light', 'dark'] as const
/** So many screens at a time: two keep both cores busy. */
const photographers = 2

type Frame = { file: string; size: Size; theme: (typeof themes)[number] }

/** The pictures of a screen that are wanted: all of them, unless beginnings of names were given. */
function framesOf(name: string, picture: Picture): Frame[] {
  const all = themes.flatMap((theme) =>
    picture.sizes.map((size) => ({ file: `${name}--${size}-${theme}.png`, size, theme })),
  )
  if (wanted.length === 0) return all
  return all.filter(({ file }) => wanted.some((beginning) => file.startsWith(beginning)))
}

async function photograph(device: Device, frames: readonly Frame[]): Promise<void> {
  const { page } = device
  for (const { file, size, theme } of frames) {
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize(sizes[size])
    await untilStill(device)
    await page.screenshot({ path: join(folder, file) })
  }
}

async function takeAll(gallery: Gallery): Promise<number> {
  const waiting = Object.entries({ ...shots, ...peopleShots })
  let count = 0
  const photographer = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, picture] = next
      const frames = framesOf(name, picture)
      if (frames.length === 0) continue
      try {
        const device = await picture.open(gallery)
        await photograph(device, frames)
        count += frames.length
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
  for (const file of await readdir(folder)) {
    const isWanted = wanted.length === 0 || wanted.some((beginning) => file.startsWith(beginning))
    if (ours.test(file) && isWanted) await rm(join(folder, file))
  }
}

const startedAt = performance.now()
await removeOldPictures()
const dataDirectory = await temporaryFolder()
const root = {
  ...person('Greta', 'Lindqvist'),
  email: 'root@example.org',
  password: 'the very first password',
}
const matchday = await startMatchday({
  dataDirectory,
  flags: ['--registration', 'approved'],
  env: { MATCHDAY_SUPERADMIN_EMAIL: root.email, MATCHDAY_SUPERADMIN_PASSWORD: root.password },
})
const browser = await launchBrowser()
try {
  const count = await takeAll({ browser, url: matchday.url, root })
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  console.log(`${count} pictures in ${folder}, ${seconds} s`)
} finally {
  await browser.close()
  await matchday.stop()
  await removeFolder(dataDirectory)
}
