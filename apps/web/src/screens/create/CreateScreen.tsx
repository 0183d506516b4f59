import { useState } from 'preact/hooks'
import { LineIcon } from '../../components/Icon.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { type OwnTournament, ownTournaments } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { CodeForm } from '../join/CodeForm.tsx'
import { CreateForm } from './CreateForm.tsx'
import './create.css'

const doors = [
  {
    href: '/events',
    name: 'find',
    shape: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13z M15.300 15.300L21 21',
  },
  {
    href: '/me',
    name: 'seats',
    shape:
      'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.500 20.500c.5-3.800 3.500-5.500 7.500-5.500s7 1.700 7.500 5.500',
  },
  {
    href: '/office',
    name: 'office',
    shape: 'M4 20.500V8l8-4.500L20 8v12.500 M2.500 20.500h19 M9.500 20.500v-5h5v5 M8 10.500h2 M14 10.500h2',
  },
] as const

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
          <Doors />
        </aside>
      </main>
    </>
  )
}

/** Where else one can go from here. */
function Doors() {
  const { create } = texts()
  return (
    <nav class="doors" aria-label={create.doors.label}>
      {doors.map(({ href, name, shape }) => (
        <a key={href} href={href}>
          <LineIcon shape={shape} />
          <strong>{create.doors[name].name}</strong>
          <span class="soft">{create.doors[name].about}</span>
        </a>
      ))}
    </nav>
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
