import type { ComponentChildren } from 'preact'
import { useScreen } from '../components/use-screen.ts'

type Props = {
  /** Names the page, too. */
  title: string
  about?: string | undefined
  children?: ComponentChildren
}

/** The heading of a tab, with what can be done there. */
export function PartHead({ title, about, children }: Props) {
  const heading = useScreen(title)
  return (
    <header class="part-head">
      <div>
        <h1 ref={heading} tabIndex={-1} data-long={title.length > 40}>
          {title}
        </h1>
        {about ? <p class="soft">{about}</p> : null}
      </div>
      {children ? <div class="form-actions">{children}</div> : null}
    </header>
  )
}
