import type { Visibility } from '@matchday/contracts'
import { Field } from '../../components/Field.tsx'
import { texts } from '../../i18n/language.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { zoneName } from '../../people/dates.ts'
import { Choice, TextField } from '../../people/fields.tsx'
import { momentOf, ownTimeZone } from '../../people/time-zone.ts'
import {
  addressLengthMax,
  type DetailsForm,
  type DetailsProblem,
  type DetailsProblems,
  descriptionLengthMax,
} from './details-form.ts'
import { PositionButton } from './PositionButton.tsx'

type Props = {
  form: DetailsForm
  problems: DetailsProblems
  onChange: (part: Partial<DetailsForm>) => void
}

const visibilities = ['public', 'unlisted', 'private'] as const satisfies readonly Visibility[]

/** When and where, what it is about, and who may see it. */
export function DetailsFields({ form, problems, onChange }: Props) {
  const { details } = officeTexts()
  const error = (field: keyof DetailsForm) => problemText(problems[field])
  return (
    <>
      <TimeFields form={form} problems={problems} onChange={onChange} />
      <TextField
        label={details.address}
        value={form.address}
        onValue={(address) => onChange({ address })}
        lengthMax={addressLengthMax}
        rows={3}
        hint={details.addressHint}
        error={error('address')}
      />
      <Coordinates form={form} problems={problems} onChange={onChange} />
      <TextField
        label={details.description}
        value={form.description}
        onValue={(description) => onChange({ description })}
        lengthMax={descriptionLengthMax}
        rows={5}
        error={error('description')}
      />
      <fieldset class="choice-lines">
        <legend>{details.visibility}</legend>
        {visibilities.map((visibility) => (
          <Choice
            key={visibility}
            type="radio"
            group="visibility"
            name={officeTexts().events.visibility[visibility].name}
            about={officeTexts().events.visibility[visibility].about}
            isChosen={form.visibility === visibility}
            onChange={() => onChange({ visibility })}
          />
        ))}
      </fieldset>
    </>
  )
}

function problemText(problem: DetailsProblem | undefined): string | null {
  const { dates } = peopleTexts()
  const { details } = officeTexts()
  switch (problem) {
    case undefined:
      return null
    case 'too-long':
    case 'control-character':
      return texts().names[problem]
    case 'number':
      return details.noCoordinate
    case 'both':
      return details.bothCoordinates
    case 'time':
      return dates.noSuchTime
    case 'needs-start':
      return dates.needsStart
    case 'ends-early':
      return dates.endsEarly
    default:
      return problem satisfies never
  }
}

function TimeFields({ form, problems, onChange }: Props) {
  const { details } = officeTexts()
  const { dates } = peopleTexts()
  const start = momentOf(form.startsAt, ownTimeZone())
  return (
    <div class="stack stack-tight">
      <div class="pair">
        <Field
          label={details.startsAt}
          type="datetime-local"
          value={form.startsAt}
          onValue={(startsAt) => onChange({ startsAt })}
          error={problemText(problems.startsAt)}
        />
        <Field
          label={details.endsAt}
          type="datetime-local"
          value={form.endsAt}
          min={form.startsAt}
          onValue={(endsAt) => onChange({ endsAt })}
          error={problemText(problems.endsAt)}
        />
      </div>
      <p class="hint">{dates.zone(zoneName(start === null ? undefined : new Date(start)))}</p>
    </div>
  )
}

/** Few need them: an address is enough for people, and for most maps. */
function Coordinates({ form, problems, onChange }: Props) {
  const { details } = officeTexts()
  return (
    <details class="fold" open={form.latitude !== '' || problems.latitude !== undefined}>
      <summary>{details.coordinates}</summary>
      <div class="stack stack-tight">
        <div class="pair">
          <Field
            label={details.latitude}
            inputMode="decimal"
            value={form.latitude}
            onValue={(latitude) => onChange({ latitude })}
            autocomplete="off"
            placeholder="52.5145"
            error={problemText(problems.latitude)}
          />
          <Field
            label={details.longitude}
            inputMode="decimal"
            value={form.longitude}
            onValue={(longitude) => onChange({ longitude })}
            autocomplete="off"
            placeholder="13.2395"
            error={problemText(problems.longitude)}
          />
        </div>
        <p class="hint">{details.coordinatesHint}</p>
        <PositionButton onPosition={(latitude, longitude) => onChange({ latitude, longitude })} />
      </div>
    </details>
  )
}
