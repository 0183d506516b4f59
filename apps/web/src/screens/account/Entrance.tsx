import type { Realm } from '@matchday/contracts/roles'
import type { ComponentChildren } from 'preact'
import { useScreen } from '../../components/use-screen.ts'
import { PeoplePage } from '../../people/PeoplePage.tsx'
import { PlainHttpNotice } from '../../people/PlainHttpNotice.tsx'

type Props = {
  realm: Realm
  /** Large, beside the card; on a phone above it. */
  headline: string
  lead: string
  /** What the card is for. */
  title: string
  children: ComponentChildren
}

/** Where somebody comes in: a few words, and one card with a form. */
export function Entrance({ realm, headline, lead, title, children }: Props) {
  const heading = useScreen(title)
  return (
    <PeoplePage realm={realm}>
      <main id="content" class="entrance">
        <section class="entrance-words">
          <h1 ref={heading} tabIndex={-1}>
            {headline}
          </h1>
          <p class="lead">{lead}</p>
        </section>
        <section class="card entrance-card" aria-labelledby="entrance-title">
          <h2 id="entrance-title">{title}</h2>
          <PlainHttpNotice />
          {children}
        </section>
      </main>
    </PeoplePage>
  )
}
