import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Nothing moves until the hands have been still for so long. */
const stillMs = 2_500
const moveMs = 320
const touches = ['pointerdown', 'pointermove', 'scroll', 'keydown'] as const

/**
 * An order that follows `wanted`, but never under somebody's finger: only while nothing is touched, scrolled or
 * focused in the list, and not while `isHeld`. What moves can be seen moving.
 */
export function useSettledOrder(wanted: readonly string[], isHeld: boolean) {
  const [order, setOrder] = useState(wanted)
  const list = useRef<HTMLDivElement>(null)
  const key = wanted.join('\n')
  const noteWhere = useMoving(list, order)
  useEffect(() => {
    if (isHeld || order.join('\n') === key) return
    let timer: ReturnType<typeof setTimeout>
    const settle = () => {
      if (list.current?.contains(document.activeElement)) return wait()
      noteWhere()
      setOrder(wanted)
    }
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(settle, stillMs)
    }
    for (const touch of touches) addEventListener(touch, wait, { passive: true, capture: true })
    wait()
    return () => {
      clearTimeout(timer)
      for (const touch of touches) removeEventListener(touch, wait, { capture: true })
    }
  }, [key, order, isHeld])
  return { order, list }
}

/** Lets every child of the list glide from where it was noted to be, once the order has changed. */
function useMoving(list: { current: HTMLElement | null }, order: readonly string[]): () => void {
  const places = useRef<[Element, DOMRect][]>([])
  useLayoutEffect(() => {
    for (const [element, was] of places.current.splice(0)) {
      const { x, y } = element.getBoundingClientRect()
      const from = `translate(${was.x - x}px, ${was.y - y}px)`
      element.animate([{ transform: from }, {}], { duration: moveMs, easing: 'ease-out' })
    }
  }, [order])
  return () => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    places.current = [...(list.current?.children ?? [])].map((one) => [one, one.getBoundingClientRect()])
  }
}
