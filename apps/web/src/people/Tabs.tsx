import { useEffect, useRef } from 'preact/hooks'

export type Tab = { href: string; text: string; current: 'page' | 'true' | undefined }

/** Tabs that lead to pages. Where they don't fit, the current one is pushed into sight. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const bar = useRef<HTMLElement>(null)
  const current = tabs.find((tab) => tab.current !== undefined)?.href
  useEffect(() => {
    const { current: element } = bar
    const tab = element?.querySelector<HTMLElement>('[aria-current]')
    if (!element || !tab) return
    // Called at once, and when a phone is turned.
    const observer = new ResizeObserver(() => {
      element.scrollLeft = tab.offsetLeft - element.clientWidth / 3
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [current])
  return (
    <nav ref={bar} class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.current}>
          {tab.text}
        </a>
      ))}
    </nav>
  )
}
