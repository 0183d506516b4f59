import { useState } from 'preact/hooks'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { type OwnTournament, ownTournaments } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { CodeForm } from '../join/CodeForm.tsx'
import { CreateForm } from './CreateForm.tsx'
import './create.css'

export function CreateScreen() {
  const { create } = texts()
  const heading = useScreen(create.title)
  return (
    <>
      <TopBar />
      <main id="content" class="create">
        <section class="create-hero">
          <h1 ref={heading} tabIndex={-1}>
            {create.headline}
          </h1>
          <p class="lead">{create.lead}</p>
          <ol class="create-steps">
            {create.steps.map((step, index) => (
              <li key={step}>
                <span aria-hidden="true">{index + 1}</span>
                {step}
              </li>
            ))}
          </ol>
        </section>
        <section class="create-panel card" aria-label={create.title}>
          <CreateForm />
        </section>
        <aside class="create-side">
          <section class="create-code" aria-label={create.haveCode}>
            <h2>{create.haveCode}</h2>
            <CodeForm />
          </section>
          <OwnTournaments />
        </aside>
      </main>
    </>
  )
}

function OwnTournaments() {
  const { create } = texts()
  const [own] = useState(ownTournaments)
  if (own.length === 0) return null
  return (
    <section class="card" aria-label={create.yours}>
      <h2>{create.yours}</h2>
      <ul class="own-tournaments">
        {own.map((tournament) => (
          <OwnTournamentLink key={`${tournament.as} ${tournament.id}`} {...tournament} />
        ))}
      </ul>
    </section>
  )
}

function OwnTournamentLink({ id, name, as }: OwnTournament) {
  const { create } = texts()
  const isHost = as === 'organizer'
  return (
    <li>
      <a href={isHost ? `/host/${id}` : `/t/${id}`}>
        <strong>{name}</strong>
        <span class="soft">{isHost ? create.asOrganizer : create.asPlayer}</span>
      </a>
    </li>
  )
}
