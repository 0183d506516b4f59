import { useMemo } from 'preact/hooks'
import { encode } from 'uqr'

/** Four modules of white around the code: what the standard asks for, and what cameras at the back of a room need. */
const quietZone = 4

/**
 * A QR code, always dark on white whatever the theme: many scanners read no inverted codes.
 * Error correction is as strong as the size allows: fewer, larger modules are read from further away.
 */
export function QrCode({ url, label }: { url: string; label: string }) {
  const { size, path } = useMemo(() => drawn(url), [url])
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} data-testid="qr-code">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shape-rendering="crispEdges" />
    </svg>
  )
}

function drawn(url: string): { size: number; path: string } {
  const { data, size } = encode(url, { ecc: 'L', boostEcc: true, border: quietZone })
  const runs: string[] = []
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      runs.push(`M${start} ${y}h${x - start + 1}v1H${start}z`)
    }
  }
  return { size, path: runs.join('') }
}
