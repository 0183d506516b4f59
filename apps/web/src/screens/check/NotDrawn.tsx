import type { Tournament } from '@matchday/contracts'
import { Icon } from '../../components/Icon.tsx'
import { texts } from '../../i18n/language.ts'

/** Before the draw: the fingerprint that is already fixed, and earlier draws that are void. */
export function NotDrawn({ tournament }: { tournament: Tournament }) {
  const { check } = texts()
  const current = tournament.draws.at(-1)
  const voided = tournament.draws.filter((draw) => draw.status === 'void')
  return (
    <section class="check-verdict" data-verdict="waiting" data-testid="check-result">
      <Icon name="lock" />
      <h2>{check.notDrawn}</h2>
      <p>{check.notDrawnAbout}</p>
      <code class="number">{current?.commitment}</code>
      {voided.length > 0 ? (
        <ul class="voided-links">
          {voided.map((draw) => (
            <li key={draw.attempt}>
              <a href={`/t/${tournament.id}/check?attempt=${draw.attempt}`}>
                {check.voidedBecause(draw.attempt, draw.voidReason ?? '')}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
