import type { StaffId } from '@matchday/contracts'
import type { ComponentChildren } from 'preact'
import { officeTexts } from '../i18n/office.ts'
import { peopleTexts } from '../i18n/people.ts'
import { type Change, changeSentence, detailsOf, valueWords, whoDid } from './change-words.ts'
import { dateTime } from './dates.ts'
import { SelectField } from './fields.tsx'

type Props = {
  changes: readonly Change[]
  label: string
  /** What else belongs to the sentence of a change. */
  about?: (change: Change) => ComponentChildren
}

/** Who did what, newest first; what came of it can be unfolded. */
export function ChangeList({ changes, label, about }: Props) {
  return (
    <ol class="lines changes" aria-label={label} data-testid="changes">
      {changes.map((change) => (
        <ChangeLine key={change.changeId} change={change} about={about?.(change)} />
      ))}
    </ol>
  )
}

function ChangeLine({ change, about }: { change: Change; about: ComponentChildren }) {
  const office = officeTexts()
  const { changes } = office
  const details = detailsOf(change.after, {
    changes,
    values: valueWords(office, peopleTexts().roles),
    moment: dateTime,
  })
  return (
    <li class="line change">
      <div class="change-words">
        <strong>{whoDid(change.by, changes)}</strong> {changeSentence(change, changes)}
        {about}
      </div>
      <time class="soft" dateTime={change.at}>
        {dateTime(change.at)}
      </time>
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
    </li>
  )
}

/** Whose changes are shown. */
export type Whose = StaffId | 'all'

type WhoseProps = {
  people: readonly (readonly [accountId: StaffId, name: string])[]
  whose: Whose
  onWhose: (whose: Whose) => void
}

export function WhoseFilter({ people, whose, onWhose }: WhoseProps) {
  const { changes } = officeTexts()
  return (
    <div class="filters">
      <SelectField
        label={changes.person}
        value={whose}
        onValue={onWhose}
        options={[['all', changes.everybody], ...people]}
      />
    </div>
  )
}
