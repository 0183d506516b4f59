import { texts } from '../../i18n/language.ts'
import type { CreateForm } from './create-form.ts'

type Props = { form: CreateForm; onChange: (part: Partial<CreateForm>) => void }

const modes = ['any', 'derangement', 'keep'] as const
const pickRules = ['unique', 'shared'] as const

export function MoreOptions({ form, onChange }: Props) {
  const { create } = texts()
  return (
    <details class="more-options">
      <summary>{create.moreOptions}</summary>
      <fieldset class="choices">
        <legend>{create.mode}</legend>
        {modes.map((mode) => (
          <Option
            key={mode}
            group="mode"
            isChosen={form.drawMode === mode}
            onChoose={() => onChange({ drawMode: mode })}
            {...create.modes[mode]}
          />
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>{create.picks}</legend>
        {pickRules.map((rule) => (
          <Option
            key={rule}
            group="picks"
            isChosen={form.picks === rule}
            onChoose={() => onChange({ picks: rule })}
            {...create.pickRules[rule]}
          />
        ))}
      </fieldset>
    </details>
  )
}

type OptionProps = { group: string; name: string; about: string; isChosen: boolean; onChoose: () => void }

function Option({ group, name, about, isChosen, onChoose }: OptionProps) {
  return (
    <label class="option">
      <input type="radio" name={group} checked={isChosen} onChange={onChoose} />
      <span>
        <strong>{name}</strong>
        <span class="soft">{about}</span>
      </span>
    </label>
  )
}
