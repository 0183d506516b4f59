/** What browsers call themselves, in the order in which one gives the other away: Edge says Chrome too, Chrome says Safari. */
const browsers = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
] as const
const systems = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows NT\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const

/** Longer ones are nobody's, and not looked at. */
const lengthMax = 1_000

/**
 * A client in a few words of ours (`Firefox on Android`), so that somebody finds his own devices in a list. Nothing that
 * the client wrote is passed on. `undefined`: it says nothing that we know.
 */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent.length > lengthMax) return undefined
  const named = (table: readonly (readonly [string, RegExp])[]) =>
    table.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const browser = named(browsers)
  const system = named(systems)
  if (browser === undefined) return system
  return system === undefined ? browser : `${browser} on ${system}`
}
