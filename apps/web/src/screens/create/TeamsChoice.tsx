import { useId } from 'preact/hooks'
import { Crest } from '../../components/Crest.tsx'
import { LineIcon } from '../../components/Icon.tsx'
import { texts } from '../../i18n/language.ts'
import { type CreateForm, customTeams, presetSizes, type TeamChoice } from './create-form.ts'

type Props = { form: CreateForm; onChange: (part: Partial<CreateForm>) => void }

/** A few crests of each list, to see at a glance what it is. */
const samples: Readonly<Record<TeamChoice, readonly string[]>> = {
  classic: ['Bayern', 'PSG', 'Juventus'],
  clubs: ['Ajax', 'Celtic', 'Boca Juniors'],
  nations: ['Brazil', 'Germany', 'Japan'],
  custom: [],
}
/** A sheet with lines and a pen. */
const listShape = [
  'M18 11.5V4.5a1 1 0 0 0-1-1H5.5a1 1 0 0 0-1 1v15a1 1 0 0 0 1 1h5.5',
  'M8 8h6.5 M8 12h4 M13.5 20.5l.6-2.7 5.200-5.200 2.100 2.100-5.200 5.200z',
].join('')
const choices = ['classic', 'clubs', 'nations', 'custom'] as const

export function TeamsChoice({ form, onChange }: Props) {
  const { create } = texts()
  return (
    <fieldset class="choices">
      <legend>{create.teams}</legend>
      <div class="choice-grid">
        {choices.map((choice) => (
          <label key={choice} class="choice">
            <input
              type="radio"
              name="teams"
              checked={form.choice === choice}
              onChange={() => onChange({ choice })}
            />
            <span class="choice-crests" aria-hidden="true">
              {choice === 'custom' ? <LineIcon shape={listShape} /> : null}
              {samples[choice].map((team) => (
                <Crest key={team} team={team} />
              ))}
            </span>
            <strong>{create.presets[choice].name}</strong>
            <span class="soft">
              {create.presets[choice].about(choice === 'custom' ? 0 : presetSizes[choice])}
            </span>
          </label>
        ))}
      </div>
      {form.choice === 'custom' ? <OwnList form={form} onChange={onChange} /> : null}
    </fieldset>
  )
}

function OwnList({ form, onChange }: Props) {
  const { create } = texts()
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{create.custom}</label>
      <textarea
        id={id}
        rows={6}
        value={form.custom}
        aria-describedby={`${id}-count`}
        onInput={(event) => onChange({ custom: event.currentTarget.value })}
      />
      <p class="hint" id={`${id}-count`}>
        {create.customCount(customTeams(form.custom).length)}
      </p>
    </div>
  )
}
