import { useEffect, useRef } from 'preact/hooks'

export type Tab = { href: string; text: string; current: 'page' | 'true' | undefined }

/** Tabs that lead to pages. Where they don't fit, the current one is pushed into sight. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  const bar = useRef<HTMLElement>(null)
  const current = tabs.find((tab) => tab.current !== undefined)?.href
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-current]')
    if (tab && bar.current) bar.current.scrollLeft = tab.offsetLeft - bar.current.clientWidth / 3
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
