import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './Icon.tsx'
import { useScreen } from './use-screen.ts'

type NoticeProps = { icon: IconName; title: string; about: string; children?: ComponentChildren }

/** A screen with one thing to say: not found, full, removed, no connection … */
export function Notice({ icon, title, about, children }: NoticeProps) {
  const heading = useScreen(title)
  return (
    <main id="content" class="notice">
      <div class="notice-mark">
        <Icon name={icon} />
      </div>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p class="soft">{about}</p>
      {children ? <div class="notice-actions">{children}</div> : null}
    </main>
  )
}
