import { normalizeJoinCode } from '@matchday/contracts/ids'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { seatIn } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { CodeForm } from './CodeForm.tsx'
import { NameForm } from './NameForm.tsx'
import { type Found, useLookup } from './use-lookup.ts'
import './join.css'

export function JoinScreen({ code }: { code?: string }) {
  const wanted = normalizeJoinCode(code ?? '')
  return (
    <>
      <TopBar />
      {wanted === '' ? <TypeCode error={null} /> : <JoinByCode key={wanted} code={wanted} />}
    </>
  )
}

function TypeCode({ error }: { error: string | null }) {
  const { join } = texts()
  const heading = useScreen(join.title)
  return (
    <main id="content" class="join">
      <section class="card join-card">
        <h1 ref={heading} tabIndex={-1}>
          {join.title}
        </h1>
        <p class="soft">{join.enterCode}</p>
        <CodeForm error={error} autofocus />
      </section>
    </main>
  )
}

function JoinByCode({ code }: { code: string }) {
  const { join, empty } = texts()
  const { route } = useLocation()
  const lookup = useLookup(code)
  const seat = lookup.status === 'found' ? seatIn(lookup.found.tournamentId).value.value : null
  useEffect(() => {
    // Whoever has a seat already, and scans again, goes to it.
    if (seat && lookup.status === 'found') route(`/t/${lookup.found.tournamentId}`, true)
  }, [seat, lookup])

  switch (lookup.status) {
    case 'looking':
      return <main id="content" class="join" aria-busy="true" />
    case 'unknown':
      return <TypeCode error={join.unknownCode} />
    case 'unreachable':
      return <Notice icon="signal" title={empty.unreachable} about={empty.unreachableAbout} />
    case 'found':
      return <Open found={lookup.found} />
    default:
      return lookup satisfies never
  }
}

function Open({ found }: { found: Found }) {
  const { join } = texts()
  if (found.seatsLeft === 0 || !found.joining) {
    const isFull = found.seatsLeft === 0
    return (
      <Notice
        icon={isFull ? 'full' : 'lock'}
        title={isFull ? join.full : join.closed}
        about={isFull ? join.fullAbout : join.closedAbout}
      >
        <a class="button primary" href={`/t/${found.tournamentId}`}>
          {join.watch}
        </a>
        <a class="button" href="/j">
          {join.otherCode}
        </a>
      </Notice>
    )
  }
  return <NameForm found={found} />
}
