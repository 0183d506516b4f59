/** One entry of the list: how wide its widest line is when letters are 1 px high. */
export type Entry = { widthEm: number }
/** `besidePx`: what every entry has beside its texts, whatever their size. */
export type Room = { widthPx: number; heightPx: number; besidePx?: number }
export type Fit = {
  columns: number
  /** Size of the larger line's letters. */
  sizePx: number
  rowMinPx: number
  gapPx: number
  /** There is no room for all at a size that can be read: the list scrolls. */
  scrolls: boolean
}

/** Letters as large as a poster's; two players fill the wall, and don't look lost on it. */
const sizeMaxPx = 96
/** Smaller than this is not read from a chair in front of a laptop. */
const sizeMinPx = 13
/** What a list that scrolls anyhow is read in. */
const scrollingSizePx = 18
const columnsMax = 8
/** Shorter texts stand on one line; only longer ones may take a second. */
const unbrokenMaxEm = 13
const linesMax = 3

/** Everything about an entry in letters' heights, as host.css draws it. */
const crestEm = 1.7
const besideEm = 0.55 + 2 * 0.5
const bordersPx = 4
const linesEm = 2.1
const extraLineEm = 1.1
const paddingEm = 0.16
const rowMaxEm = 3.4

/**
 * The largest letters with which all entries are seen whole and at once, and the columns for it. Walls are looked at
 * from far away: whatever room there is goes into the letters.
 */
export function fitOf(entries: readonly Entry[], room: Room): Fit {
  let best: Fit | null = null
  for (let columns = 1; columns <= Math.min(columnsMax, Math.max(1, entries.length)); columns++) {
    const sizePx = largestSize(entries, columns, room)
    if (sizePx !== null && (best === null || sizePx > best.sizePx))
      best = laidOut(entries, columns, sizePx, room)
  }
  return best ?? scrolling(entries, room)
}

function largestSize(entries: readonly Entry[], columns: number, room: Room): number | null {
  let [tooLarge, fits] = [sizeMaxPx + 1, sizeMinPx - 1]
  while (tooLarge - fits > 1) {
    const middle = Math.floor((tooLarge + fits) / 2)
    if (isWhole(entries, columns, middle, room)) fits = middle
    else tooLarge = middle
  }
  return fits < sizeMinPx ? null : fits
}

function isWhole(entries: readonly Entry[], columns: number, sizePx: number, room: Room): boolean {
  const lines = linesOf(entries, columns, sizePx, room)
  return lines !== null && heightOf(lines, columns, sizePx) <= room.heightPx
}

/** How many lines more than usual each entry takes, or null when one cannot be shown whole. */
function linesOf(entries: readonly Entry[], columns: number, sizePx: number, room: Room): number[] | null {
  const cellPx = (room.widthPx - (columns - 1) * gapOf(sizePx)) / columns - bordersPx - (room.besidePx ?? 0)
  const textEm = cellPx / sizePx - crestEm - besideEm
  const lines: number[] = []
  for (const { widthEm } of entries) {
    if (widthEm > textEm && (widthEm <= unbrokenMaxEm || textEm <= 0)) return null
    // Words don't fill a line to its end.
    const needed = widthEm <= textEm ? 1 : Math.ceil((widthEm * 1.15) / textEm)
    if (needed > linesMax) return null
    lines.push(needed - 1)
  }
  return lines
}

function heightOf(lines: readonly number[], columns: number, sizePx: number): number {
  let heightPx = 0
  for (let start = 0; start < lines.length; start += columns) {
    const more = Math.max(...lines.slice(start, start + columns))
    heightPx += rowOf(sizePx, more) + (start > 0 ? gapOf(sizePx) : 0)
  }
  return heightPx
}

function rowOf(sizePx: number, moreLines = 0): number {
  return sizePx * (linesEm + paddingEm + extraLineEm * moreLines) + bordersPx
}

function gapOf(sizePx: number): number {
  return Math.max(3, Math.round(sizePx * 0.2))
}

/** Room that is left over makes the rows higher, as far as they still look like rows. */
function laidOut(entries: readonly Entry[], columns: number, sizePx: number, room: Room): Fit {
  const rows = Math.ceil(entries.length / columns)
  const lines = linesOf(entries, columns, sizePx, room) ?? []
  const sparePx = room.heightPx - heightOf(lines, columns, sizePx)
  const rowMinPx = Math.min(sizePx * rowMaxEm, rowOf(sizePx) + Math.max(0, sparePx) / Math.max(1, rows))
  return { columns, sizePx, rowMinPx: Math.floor(rowMinPx), gapPx: gapOf(sizePx), scrolls: false }
}

function scrolling(entries: readonly Entry[], room: Room): Fit {
  const widestEm = Math.min(unbrokenMaxEm, Math.max(0, ...entries.map(({ widthEm }) => widthEm)))
  const cellPx = (widestEm + crestEm + besideEm) * scrollingSizePx + bordersPx + (room.besidePx ?? 0)
  const gapPx = gapOf(scrollingSizePx)
  const columns = Math.max(1, Math.min(columnsMax, Math.floor((room.widthPx + gapPx) / (cellPx + gapPx))))
  return {
    columns,
    sizePx: scrollingSizePx,
    rowMinPx: Math.floor(rowOf(scrollingSizePx)),
    gapPx,
    scrolls: true,
  }
}
