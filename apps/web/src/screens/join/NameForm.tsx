import { nameProblem, normalizeName } from '@matchday/contracts/names'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useCommand } from '../../api/use-command.ts'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Field } from '../../components/Field.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { takeSeat } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { pendingJoin } from './pending-join.ts'
import type { Found } from './use-lookup.ts'

/** Two names and a button: the whole way in. */
export function NameForm({ found }: { found: Found }) {
  const { join, names } = texts()
  const { route } = useLocation()
  const heading = useScreen(`${join.title}: ${found.name}`)
  const command = useCommand('joinTournament')
  const [firstName, setFirstName] = useState('')
  const [lastName, setLastName] = useState('')
  const [wasSubmitted, setSubmitted] = useState(false)
  const { tournamentId: id } = found
  const problems = [nameProblem(firstName, 'person'), nameProblem(lastName, 'person')] as const
  useWarmUp()
  const shown = (index: 0 | 1) => (wasSubmitted && problems[index] ? names[problems[index]] : null)

  const submit = async (event: Event) => {
    event.preventDefault()
    setSubmitted(true)
    if (problems[0] || problems[1]) return
    const body = { firstName: normalizeName(firstName), lastName: normalizeName(lastName) }
    // A phone that reloads in the middle of joining asks with the same id and gets the same seat.
    const pending = pendingJoin(id, body)
    const done = await command.send({ params: { id }, body }, { requestId: pending.requestId })
    if (done.status !== 'unknown') pending.done()
    if (done.status !== 'done') return
    const { playerId, playerToken: token } = done.value
    takeSeat(id, { playerId, token, ...body, tournament: found.name })
    route(`/t/${id}`, true)
  }

  return (
    <main id="content" class="join">
      <section class="card join-card">
        <p class="kicker">{join.youJoin}</p>
        <h1 ref={heading} tabIndex={-1} class="join-name">
          {found.name}
        </h1>
        <p class="pill" data-testid="seats-left">
          {join.seatsLeft(found.seatsLeft)}
        </p>
        <form class="stack" noValidate onSubmit={(event) => void submit(event)}>
          <Field
            label={join.firstName}
            value={firstName}
            onValue={setFirstName}
            error={shown(0)}
            autocomplete="given-name"
            autofocus
            enterkeyhint="next"
          />
          <Field
            label={join.lastName}
            value={lastName}
            onValue={setLastName}
            error={shown(1)}
            autocomplete="family-name"
            enterkeyhint="go"
          />
          <ErrorText text={command.failure?.text} />
          <button type="submit" class="button primary large" disabled={command.isBusy}>
            {command.isBusy ? join.submitting : join.submit}
          </button>
        </form>
      </section>
    </main>
  )
}

/** Loads the next screen while the person types. */
function useWarmUp(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      void import('../player/PlayerScreen.tsx')
      void import('../../live/live-connection.ts')
    }, 300)
    return () => clearTimeout(timer)
  }, [])
}
