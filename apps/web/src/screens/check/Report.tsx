import type { CheckResult, DrawProof } from '@matchday/competition'
import { Crest } from '../../components/Crest.tsx'
import { Icon } from '../../components/Icon.tsx'
import { texts } from '../../i18n/language.ts'
import { type Checked, tamperedWith } from './check-proof.ts'

type ReportProps = {
  checked: Checked
  /** The document before any cheating on purpose. */
  original: unknown
  isGiven: boolean
  onChange: (document: unknown) => void
}

/** What the check found, in plain words: the verdict, each step, the own share, and the numbers behind it. */
export function Report({ checked, original, isGiven, onChange }: ReportProps) {
  const { check } = texts()
  const { proof, verification, own } = checked
  return (
    <>
      <section
        class="check-verdict"
        data-verdict={verification.ok ? 'holds' : 'fails'}
        data-testid="check-result"
        data-ok={verification.ok}
        role="status"
      >
        <Icon name={verification.ok ? 'check' : 'close'} />
        <h2>{verification.ok ? check.holds : check.fails}</h2>
        {isGiven ? <p>{check.fromFile}</p> : null}
      </section>
      <ol class="checks">
        {verification.checks.map((result) => (
          <CheckLine key={result.check} result={result} />
        ))}
      </ol>
      {proof ? <OwnShare proof={proof} own={own} /> : null}
      {proof ? <WhoGotWhat proof={proof} ownId={own?.playerId} /> : null}
      {proof ? <Voided proof={proof} /> : null}
      {proof ? <Numbers proof={proof} /> : null}
      {proof ? <Actions proof={proof} original={original} isGiven={isGiven} onChange={onChange} /> : null}
    </>
  )
}

function CheckLine({ result }: { result: CheckResult }) {
  const { check } = texts()
  const { ok, check: name } = result
  return (
    <li class="check-line" data-ok={ok} data-check={name}>
      <Icon name={ok ? 'check' : 'close'} />
      <span>{ok ? check.names[name] : check.failed[name]}</span>
    </li>
  )
}

function OwnShare({ proof, own }: { proof: DrawProof; own: Checked['own'] }) {
  const { check } = texts()
  const entrant = proof.entrants.find(({ playerId }) => playerId === own?.playerId)
  return (
    <section class="card own-share" aria-label={check.own} data-testid="own-share">
      <h2>{check.own}</h2>
      {entrant?.contribution ? (
        <>
          <p class="soft">{check.ownAbout}</p>
          <code class="number">{entrant.contribution}</code>
        </>
      ) : (
        <p class="soft">{check.ownNone}</p>
      )}
    </section>
  )
}

function WhoGotWhat({ proof, ownId }: { proof: DrawProof; ownId: string | undefined }) {
  const { check } = texts()
  const teams = new Map(proof.assignments.map(({ playerId, team }) => [playerId, team]))
  return (
    <details class="card">
      <summary>
        <h2>{check.result}</h2>
      </summary>
      <ul class="check-result-list">
        {proof.entrants.map(({ playerId, name, pick }) => (
          <li key={playerId} data-own={playerId === ownId}>
            <Crest team={teams.get(playerId) ?? pick} />
            <span>{name ?? playerId}</span>
            <strong>{teams.get(playerId)}</strong>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Voided({ proof }: { proof: DrawProof }) {
  const { check } = texts()
  const voided = proof.voided ?? []
  if (voided.length === 0) return null
  return (
    <section class="card" aria-label={check.voided}>
      <h2>{check.voided}</h2>
      <ul class="voided-links">
        {voided.map(({ reason, proof: earlier }) => (
          <li key={earlier.attempt}>{check.voidedBecause(earlier.attempt, reason)}</li>
        ))}
      </ul>
    </section>
  )
}

function Numbers({ proof }: { proof: DrawProof }) {
  const { check, create, common } = texts()
  const numbers = [
    [check.mode, create.modes[proof.mode].name],
    [check.attempt, common.number(proof.attempt)],
    [check.commitment, proof.commitment],
    [check.seed, proof.seed],
    [check.entrantsHash, proof.entrantsHash],
  ] as const
  return (
    <details class="card">
      <summary>
        <h2>{check.facts}</h2>
      </summary>
      <dl class="numbers">
        {numbers.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

type ActionsProps = {
  proof: DrawProof
  original: unknown
  isGiven: boolean
  onChange: (document: unknown) => void
}

function Actions({ proof, original, isGiven, onChange }: ActionsProps) {
  const { check } = texts()
  const isTampered = proof !== original
  return (
    <div class="check-actions">
      <button
        type="button"
        class="button"
        title={check.tamperAbout}
        onClick={() => onChange(isTampered ? original : tamperedWith(proof))}
        data-testid="tamper"
      >
        {isTampered ? check.untamper : check.tamper}
      </button>
      {isGiven ? null : (
        <a
          class="button"
          href={`/api/tournaments/${encodeURIComponent(proof.tournamentId)}/draw/proof?attempt=${proof.attempt}`}
          download={`matchday-draw-${proof.attempt}.json`}
        >
          {check.save}
        </a>
      )}
      <p class="hint">{check.tamperAbout}</p>
    </div>
  )
}
