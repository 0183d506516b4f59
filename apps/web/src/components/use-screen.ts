import { useEffect, useRef } from 'preact/hooks'

let isFirstScreen = true

/**
 * Names the page and, after the first one, puts the focus on its heading, so that keyboards and screen readers
 * continue where the eye does. The heading needs `ref` and `tabIndex={-1}`.
 */
export function useScreen(title: string) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Matchday`
  }, [title])
  useEffect(() => {
    if (isFirstScreen) isFirstScreen = false
    else if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  return heading
}
