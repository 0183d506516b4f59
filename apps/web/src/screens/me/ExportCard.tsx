import { useState } from 'preact/hooks'
import { ErrorText } from '../../components/ErrorText.tsx'
import { seatsTexts } from '../../i18n/seats.ts'
import { peopleFailureText } from '../../people/commands.ts'
import { players } from '../../session/sessions.ts'

/** The browser needs the file until it has begun to save it. */
const keptMs = 60_000

/** All that is known about the account, as a file. */
export function ExportCard() {
  const words = seatsTexts()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const download = async () => {
    setBusy(true)
    setFailure(null)
    try {
      const answer = await players.call('exportPlayerData', {})
      if (answer.ok) save(JSON.stringify(answer.value, null, 2), `matchday-${answer.value.exportedAt}.json`)
      else setFailure(peopleFailureText(answer.problem.code))
    } catch {
      // A fault, whichever: nothing has happened, and it can be tried again.
      setFailure(peopleFailureText('network'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="card stack" aria-labelledby="export-title">
      <h2 id="export-title">{words.export}</h2>
      <p class="soft">{words.exportAbout}</p>
      <ErrorText text={failure} />
      <div class="form-actions">
        <button type="button" class="button" disabled={isBusy} onClick={() => void download()}>
          {isBusy ? words.downloading : words.download}
        </button>
      </div>
    </section>
  )
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.replaceAll(':', '-')
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), keptMs)
}
