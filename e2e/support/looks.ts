import axe from 'axe-core'
import { expect } from 'vitest'
import { type Device, sizes, untilStill } from './browser.ts'

/** What a critical eye finds on a page, and a machine can find as well. */

export const tapTargetMinPx = 44

type Violation = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }

/** What axe finds to be serious or critical, as readable lines. */
export async function axeFinds(device: Device, rules?: readonly string[]): Promise<string[]> {
  const { page } = device
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(axe.source)
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) }
  // Colours that are still fading would be measured half way.
  await untilStill(device)
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, ${JSON.stringify(options)}).then((result) => result.violations)`,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 4).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
}

/** In light colours by all rules; in dark ones only what colours can break. */
export async function expectAccessible(device: Device, screen: string): Promise<void> {
  await device.page.emulateMedia({ colorScheme: 'light' })
  expect(await axeFinds(device), `${screen}, light`).toEqual([])
  await device.page.emulateMedia({ colorScheme: 'dark' })
  expect(await axeFinds(device, ['color-contrast']), `${screen}, dark`).toEqual([])
}

/** Horizontal scrolling at any of the three sizes, as `<size>: <pixels too wide>, <what sticks out>`. */
export async function overflows(device: Device, screen: string): Promise<string[]> {
  const found: string[] = []
  for (const [name, size] of Object.entries(sizes)) {
    await device.page.setViewportSize(size)
    await device.page.waitForFunction(`innerWidth === ${size.width}`)
    const [width, widest] = await device.page.evaluate<[number, string]>(`(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const out = [...document.querySelectorAll('#app *')]
        .filter((one) => one.getBoundingClientRect().right > ${size.width} + 1)
        .map((one) => one.tagName + '.' + one.getAttribute('class'))
      return [document.scrollingElement.scrollWidth, out.slice(0, 3).join(' ')]
    })()`)
    if (width > size.width) found.push(`${screen} at ${name}: ${width - size.width} px: ${widest}`)
  }
  return found
}

/** What can be tapped and is smaller than a thumb, as `<screen>: <what> <size>`. */
export async function tooSmall(device: Device, screen: string): Promise<string[]> {
  // What still moves is not as large yet as it will be.
  await untilStill(device)
  const found = await device.page.evaluate<
    string[]
  >(`[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !(one.matches('a') && one.closest('p, dd')))
    .map((one) => [one, (one.matches('[type=radio], [type=checkbox]') ? one.closest('label') : one).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.bottom > 0)
    .filter(([, box]) => Math.min(box.width, box.height) < ${tapTargetMinPx} - 0.5)
    .map(([one, box]) => one.className + ' "' + one.textContent + '" ' + Math.round(box.width) + ' × ' + Math.round(box.height))`)
  return found.map((what) => `${screen}: ${what}`)
}
