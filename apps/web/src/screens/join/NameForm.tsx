import { initialOf, nameProblem, normalizeName } from '@matchday/contracts/names'
import { useEffect, useState } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import { useCommand } from '../../api/use-command.ts'
import { ErrorText } from '../../components/ErrorText.tsx'
import { Field } from '../../components/Field.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { takeSeat } from '../../device/seats.ts'
import { storedKeys } from '../../device/storage.ts'
import { texts } from '../../i18n/language.ts'
import { pendingJoin } from './pending-join.ts'
import type { Found } from './use-lookup.ts'

/** Only for who is signed in; all others never load it. */
const OwnAccount = lazy(async () => (await import('../me/own-account.ts')).loadOwnAccount())

type Person = { firstName: string; lastName: string; showsFullName: boolean }

/** Two names and a button: the whole way in. */
export function NameForm({ found }: { found: Found }) {
  const { join, names } = texts()
  const { route } = useLocation()
  const heading = useScreen(`${join.title}: ${found.name}`)
  const command = useCommand('joinTournament')
  const [person, setPerson] = useState<Person>({ firstName: '', lastName: '', showsFullName: false })
  const [wasSubmitted, setSubmitted] = useState(false)
  const [hasAccount] = useState(() => storedKeys('session.players').length > 0)
  const { tournamentId: id } = found
  const problems = [nameProblem(person.firstName, 'person'), nameProblem(person.lastName, 'person')] as const
  useWarmUp()
  const shown = (index: 0 | 1) => (wasSubmitted && problems[index] ? names[problems[index]] : null)
  const change = (part: Partial<Person>) => setPerson((before) => ({ ...before, ...part }))

  const submit = async (event: Event) => {
    event.preventDefault()
    setSubmitted(true)
    if (problems[0] || problems[1]) return
    const name = { firstName: normalizeName(person.firstName), lastName: normalizeName(person.lastName) }
    const body = person.showsFullName ? { ...name, showsFullName: true } : name
    if (hasAccount) await (await import('../me/own-account.ts')).freshenAccount()
    // A phone that reloads in the middle of joining asks with the same id and gets the same seat.
    const pending = pendingJoin(id, body)
    const done = await command.send({ params: { id }, body }, { requestId: pending.requestId })
    if (done.status !== 'unknown') pending.done()
    if (done.status !== 'done') return
    const { playerId, playerToken: token, firstName, lastName, isWaiting } = done.value
    takeSeat(id, {
      playerId,
      token,
      firstName,
      lastName,
      tournament: found.name,
      isWaiting,
      isKept: hasAccount,
    })
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
          {hasAccount ? <OwnAccount onProfile={change} /> : null}
          <Field
            label={join.firstName}
            value={person.firstName}
            onValue={(firstName) => change({ firstName })}
            error={shown(0)}
            autocomplete="given-name"
            autofocus
            enterkeyhint="next"
          />
          <Field
            label={join.lastName}
            value={person.lastName}
            onValue={(lastName) => change({ lastName })}
            error={shown(1)}
            autocomplete="family-name"
            enterkeyhint="go"
          />
          <SeenAs person={person} onChange={(showsFullName) => change({ showsFullName })} />
          <ErrorText text={command.failure?.text} />
          <button type="submit" class="button primary large" disabled={command.isBusy}>
            {command.isBusy ? join.submitting : join.submit}
          </button>
        </form>
      </section>
    </main>
  )
}

/** Others see one letter of the last name, unless the person wants it otherwise; told with his own name. */
function SeenAs({ person, onChange }: { person: Person; onChange: (isWhole: boolean) => void }) {
  const { join } = texts()
  const { firstName, lastName, showsFullName } = person
  const last = normalizeName(lastName)
  const isTyped = firstName !== '' && last !== ''
  return (
    <div class="seen-as">
      <label>
        <input
          type="checkbox"
          checked={showsFullName}
          aria-describedby="seen-as"
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {join.showWhole}
      </label>
      <p class="hint" id="seen-as" data-testid="seen-as">
        {isTyped
          ? join.seenAs(`${normalizeName(firstName)} ${showsFullName ? last : initialOf(last)}`)
          : join.seenHint}
      </p>
    </div>
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
