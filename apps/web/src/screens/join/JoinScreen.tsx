import type { TournamentId } from '@matchday/contracts'
import { normalizeJoinCode } from '@matchday/contracts/ids'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../../api/api.ts'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { seatIn } from '../../device/seats.ts'
import { texts } from '../../i18n/language.ts'
import { CodeForm } from './CodeForm.tsx'
import { NameForm } from './NameForm.tsx'
import './join.css'

export type Found = { tournamentId: TournamentId; name: string; joining: boolean; seatsLeft: number }
type Lookup = { status: 'looking' | 'unknown' | 'unreachable' } | { status: 'found'; found: Found }

const againMs = 3_000

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
        icon={isFull ? 'shield' : 'lock'}
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

/** Asks what the code leads to, again and again while there is no connection. */
function useLookup(code: string): Lookup {
  const [lookup, setLookup] = useState<Lookup>({ status: 'looking' })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const look = async () => {
      const next = await lookUp(code)
      if (isGone) return
      setLookup(next)
      if (next.status === 'unreachable') timer = setTimeout(() => void look(), againMs)
    }
    void look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [code])
  return lookup
}

async function lookUp(code: string): Promise<Lookup> {
  try {
    const answer = await api('findByJoinCode', { params: { code } }, { deadlineMs: 5_000 })
    return answer.ok ? { status: 'found', found: answer.value } : { status: 'unknown' }
  } catch {
    // A fault, whichever: nothing can be said about the code.
    return { status: 'unreachable' }
  }
}
