import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Fit, fitOf, type Room } from './fit.ts'

/** The two lines of an entry, and what stands beside the first one. */
export type Lines = { first: string; second: string; beside?: string | undefined }

/** The second line, and what stands beside the first, are this much smaller (host.css). */
const secondScale = 0.88
const besideScale = 0.75
/** Fonts are measured at this size, and calculated with at 1 px. */
const measuredPx = 100
/** Widths of texts that were measured already; beyond that all are forgotten. */
const widthsMax = 4_096

/** A list that fills the room that it has; its size, columns and rows become custom properties for the style sheet. */
export function useFit(lines: readonly Lines[], besidePx = 0) {
  const list = useRef<HTMLOListElement>(null)
  const [room, setRoom] = useState<Room | null>(null)
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const observer = new ResizeObserver(() => setRoom(roomOf(element)))
    observer.observe(element)
    setRoom(roomOf(element))
    return () => observer.disconnect()
  }, [])
  const fit = room && fitOf(lines.map(entryOf), { ...room, besidePx })
  return { list, style: fit ? styleOf(fit) : undefined }
}

function roomOf({ clientWidth, clientHeight }: Element): Room {
  return { widthPx: clientWidth - 6, heightPx: clientHeight - 6 }
}

function styleOf({ columns, sizePx, rowMinPx, gapPx }: Fit): Record<string, string> {
  return {
    '--fit-columns': `${columns}`,
    '--fit-size': `${sizePx}px`,
    '--fit-row': `${rowMinPx}px`,
    '--fit-gap': `${gapPx}px`,
  }
}

function entryOf({ first, second, beside }: Lines) {
  const besideEm = beside === undefined ? 0 : widthEm(beside) * besideScale + 1.4
  return { widthEm: Math.max(widthEm(first) + besideEm, widthEm(second) * secondScale) }
}

const widths = new Map<string, number>()
let pen: CanvasRenderingContext2D | null = null

/** The width of a text whose letters are 1 px high, in the heavy narrow font of scoreboards. */
function widthEm(text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  pen ??= document.createElement('canvas').getContext('2d')
  const family = getComputedStyle(document.documentElement).getPropertyValue('--font-display')
  if (pen) pen.font = `800 ${measuredPx}px ${family}`
  const measured = pen ? pen.measureText(text).width / measuredPx : text.length * 0.55
  if (widths.size >= widthsMax) widths.clear()
  widths.set(text, measured)
  return measured
}
