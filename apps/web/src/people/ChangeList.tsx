import { officeTexts } from '../i18n/office.ts'
import { type Change, changeSentence, detailsOf, whoDid } from './change-words.ts'
import { dateTime } from './dates.ts'

/** Who did what, newest first; what came of it can be unfolded. */
export function ChangeList({ changes, label }: { changes: readonly Change[]; label: string }) {
  return (
    <ol class="lines changes" aria-label={label} data-testid="changes">
      {changes.map((change) => (
        <ChangeLine key={change.changeId} change={change} />
      ))}
    </ol>
  )
}

function ChangeLine({ change }: { change: Change }) {
  const { changes } = officeTexts()
  const details = detailsOf(change.after, officeTexts().changes)
  return (
    <li class="line change">
      <span class="line-text">
        <span>
          <strong>{whoDid(change.by, changes)}</strong> {changeSentence(change, changes)}
        </span>
        {details.length > 0 ? (
          <details>
            <summary>{changes.details}</summary>
            <dl class="facts">
              {details.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd class="lines-of-text">{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        ) : null}
      </span>
      <time class="soft" dateTime={change.at}>
        {dateTime(change.at)}
      </time>
    </li>
  )
}
