import type { Tournament } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { Paged } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { Authority } from './authority.ts'

/** Everybody who has a seat, by his whole name. Only the organiser sees that, so it is shown when he asks for it. */
export function PlayerNames({ tournament, authority }: { tournament: Tournament; authority: Authority }) {
  const { players } = officeTexts()
  const [isShown, setShown] = useState(false)
  const { id } = tournament
  const count = tournament.players.length
  const pages = usePages(
    isShown ? `players ${id}` : null,
    (query) => staff.call('listPlayers', { params: { id }, query }, authority),
    count,
  )
  useEffect(() => {
    if (isShown) void pages.reload()
  }, [count])
  return (
    <section class="card stack" aria-labelledby="players-title">
      <header class="card-head">
        <h2 id="players-title">{players.title}</h2>
        <span class="pill">{count}</span>
      </header>
      <p class="soft">{players.about}</p>
      {count > 0 ? (
        <div class="form-actions">
          <button type="button" class="button" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? players.hide : players.show}
          </button>
        </div>
      ) : null}
      {isShown ? (
        <Paged pages={pages}>
          <ol class="lines lines-tight" data-testid="whole-names">
            {pages.items.map(({ id: playerId, firstName, lastName, shownAs, hasAccount }) => (
              <li key={playerId} class="line">
                <span class="line-text">
                  <strong>{`${firstName} ${lastName}`}</strong>
                  <span class="hint">{players.shownAs(shownAs)}</span>
                </span>
                {hasAccount ? <span class="tag">{players.hasAccount}</span> : null}
              </li>
            ))}
          </ol>
        </Paged>
      ) : null}
    </section>
  )
}
