import type { Tournament } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { Form, SaveFoot } from '../../people/Form.tsx'
import { ownTimeZone } from '../../people/time-zone.ts'
import type { Authority } from './authority.ts'
import { DetailsFields } from './DetailsFields.tsx'
import { changesBetween, type DetailsForm, detailsOf, detailsProblems, formOf } from './details-form.ts'

type Props = {
  tournament: Tournament
  authority: Authority
  /** It was saved, or something else has changed it meanwhile. */
  onChanged: () => void
}

export function DetailsCard(props: Props) {
  const { details } = officeTexts()
  return (
    <section class="card stack" aria-labelledby="details-title">
      <h2 id="details-title">{details.title}</h2>
      <DetailsEditor {...props} />
    </section>
  )
}

/** Only what was changed here is sent; what others change meanwhile comes into fields that were not touched. */
export function DetailsEditor({ tournament, authority, onChanged }: Props) {
  const command = useStaffCommand('changeDetails')
  const zone = ownTimeZone()
  const known = formOf(tournament, zone)
  const [typed, setTyped] = useState<Partial<DetailsForm>>({})
  const [wasSubmitted, setSubmitted] = useState(false)
  const [isSaved, setSaved] = useState(false)
  const form = { ...known, ...typed }
  const problems = detailsProblems(form, zone)
  // What was typed has been saved: from now on these fields, too, show what is so.
  useEffect(() => setTyped((before) => withoutKnown(before, known)), [tournament.version])

  const save = async () => {
    setSubmitted(true)
    setSaved(false)
    if (Object.keys(problems).length > 0) return
    const body = changesBetween(tournament, detailsOf(form, zone))
    if (Object.keys(body).length === 0) return setSaved(true)
    const sent = await command.send({ params: { id: tournament.id }, body }, authority)
    if (sent.status !== 'done') return
    setSubmitted(false)
    setSaved(true)
    onChanged()
  }
  return (
    <Form onSubmit={save}>
      <DetailsFields
        form={form}
        problems={wasSubmitted ? problems : {}}
        onChange={(part) => {
          setTyped({ ...typed, ...part })
          setSaved(false)
        }}
      />
      <SaveFoot error={command.failure?.text} isBusy={command.isBusy} isSaved={isSaved} />
    </Form>
  )
}

function withoutKnown(typed: Partial<DetailsForm>, known: DetailsForm): Partial<DetailsForm> {
  const others = Object.entries(typed).filter(([name, value]) => known[name as keyof DetailsForm] !== value)
  return Object.fromEntries(others)
}
