import type { Tournament } from '@matchday/contracts'
import { officeTexts } from '../../i18n/office.ts'
import { WhereAndWhen } from '../../people/WhereAndWhen.tsx'

/** When and where, for who may see it and not change it. */
export function EventFacts({ tournament }: { tournament: Tournament }) {
  const { details, events } = officeTexts()
  const { description, visibility } = tournament
  return (
    <section class="card stack" aria-labelledby="details-title">
      <h2 id="details-title">{details.title}</h2>
      <WhereAndWhen event={tournament} />
      {description ? <p class="lines-of-text">{description}</p> : null}
      <p class="soft">
        <strong>{events.visibility[visibility].name}.</strong> {events.visibility[visibility].about}
      </p>
    </section>
  )
}
