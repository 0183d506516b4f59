import type { TournamentId } from '@matchday/contracts'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { isTournamentId } from '../../device/tournament-id.ts'
import { texts } from '../../i18n/language.ts'
import { NoTournament } from '../../live/LivePage.tsx'
import { type Checked, checkProof } from './check-proof.ts'
import { NotDrawn } from './NotDrawn.tsx'
import { OtherProof } from './OtherProof.tsx'
import { Report } from './Report.tsx'
import { type Fetched, useProof } from './use-proof.ts'
import './check.css'

/** Recomputes the draw on this device and compares; works without a network once the page and the proof are here. */
export function CheckScreen({ id }: { id: string }) {
  const { query } = useLocation()
  const attempt = Number(query.attempt) || undefined
  return isTournamentId(id) ? <Check key={attempt ?? 0} id={id} attempt={attempt} /> : <NoTournament />
}

function Check({ id, attempt }: { id: TournamentId; attempt: number | undefined }) {
  const { check } = texts()
  const heading = useScreen(check.title)
  const fetched = useProof(id, attempt)
  const [given, setGiven] = useState<unknown>(undefined)
  if (fetched.status === 'not-found') return <NoTournament />
  return (
    <>
      <TopBar />
      <main id="content" class="check">
        <header class="check-head">
          <a class="back-link" href={`/t/${id}`}>
            ← {check.back}
          </a>
          <h1 ref={heading} tabIndex={-1}>
            {check.title}
          </h1>
          <p class="lead">{check.lead}</p>
        </header>
        {given === undefined ? (
          <ServerProof id={id} fetched={fetched} />
        ) : (
          <CheckedDocument document={given} expectedId={null} isGiven />
        )}
        <OtherProof onDocument={setGiven} />
      </main>
    </>
  )
}

function ServerProof({ id, fetched }: { id: TournamentId; fetched: Fetched }) {
  const { check, empty } = texts()
  switch (fetched.status) {
    case 'fetching':
      return <p class="check-working">{check.working}</p>
    case 'not-drawn':
      return <NotDrawn tournament={fetched.tournament} />
    case 'drawn':
      return <CheckedDocument document={fetched.document} expectedId={id} isGiven={false} />
    case 'unreachable':
      return <Notice icon="signal" title={empty.unreachable} about={empty.unreachableAbout} />
    case 'not-found':
      return null
    default:
      return fetched satisfies never
  }
}

type DocumentProps = { document: unknown; expectedId: TournamentId | null; isGiven: boolean }

function CheckedDocument({ document, expectedId, isGiven }: DocumentProps) {
  const [checked, setChecked] = useState<Checked | null>(null)
  const [shown, setShown] = useState(document)
  useEffect(() => setShown(document), [document])
  useEffect(() => {
    setChecked(null)
    // A large draw takes a second; the page says first that it computes.
    const timer = setTimeout(() => setChecked(checkProof(shown, expectedId)), 60)
    return () => clearTimeout(timer)
  }, [shown, expectedId])
  if (!checked) return <p class="check-working">{texts().check.working}</p>
  return <Report checked={checked} original={document} isGiven={isGiven} onChange={setShown} />
}
