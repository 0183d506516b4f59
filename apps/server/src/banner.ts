import { renderUnicodeCompact } from 'uqr'
import type { Addresses } from './addresses.ts'

/** What the terminal shows when Matchday is ready. */
export function banner(addresses: Addresses, isTerminal: boolean): string {
  const bold = (text: string) => (isTerminal ? `\x1b[1m${text}\x1b[0m` : text)
  const { local, reachable } = addresses
  const lines = ['', `  ${bold('Matchday is ready.')}`, '', `  On this computer   ${bold(local)}`]
  if (reachable === local) {
    lines.push('  Phones             cannot reach this address: give --host 0.0.0.0, or --public-url', '')
    return lines.join('\n')
  }
  lines.push(
    `  On phones          ${bold(reachable)}`,
    '',
    qrCode(reachable, isTerminal),
    '',
    '  Ctrl-C stops it.',
    '',
  )
  return lines.join('\n')
}

/** Full blocks are the light modules: white on black is dark on light for a scanner, whatever colours the terminal has. */
function qrCode(text: string, isTerminal: boolean): string {
  const code = renderUnicodeCompact(text, { border: 2, ecc: 'M' })
  const paint = (line: string) => (isTerminal ? `\x1b[97;40m${line}\x1b[0m` : line)
  return code
    .split('\n')
    .map((line) => `  ${paint(line)}`)
    .join('\n')
}
