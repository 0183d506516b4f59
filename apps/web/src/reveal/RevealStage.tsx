import type { PlayerId, Tournament } from '@matchday/contracts'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { announce } from '../components/Announcer.tsx'
import { Crest } from '../components/Crest.tsx'
import { fullName } from '../components/player-name.ts'
import { texts } from '../i18n/language.ts'
import type { RevealRun } from '../live/tournament-store.ts'
import { type Moment, scheduleFor } from './schedule.ts'
import { useMoment } from './use-moment.ts'
import './reveal.css'

type Props = { run: RevealRun; tournament: Tournament; playerId?: PlayerId | undefined; onEnd: () => void }

/** Steps shorter than this have no time for movements; names would be gone before they are seen. */
const animatedStepMs = 900

/** One line of the draw, with the name as shown. */
type Drawn = { playerId: PlayerId; name: string; team: string }

/** Draws slower than this are read out one by one; faster ones would only pile up. */
const readOutStepMs = 1_500

/** The draw as a show: one player after the other, on every device at the same time. Any key skips it. */
export function RevealStage({ run, tournament, playerId, onEnd }: Props) {
  const drawn = useDrawn(run, tournament)
  const schedule = useMemo(() => scheduleFor(drawn.length), [drawn.length])
  const moment = useMoment(schedule, run.startedAtMs)
  const index = indexOf(moment, drawn.length)
  const current = drawn[index]
  const settled = moment.phase !== 'step' || moment.settled
  useEndings(moment, onEnd)
  useEffect(() => {
    if (!settled || !current || schedule.stepMs < readOutStepMs) return
    announce(texts().reveal.got(current.name, current.team))
    if (current.playerId === playerId) navigator.vibrate?.([80, 60, 160])
  }, [settled, current])

  return (
    <main
      id="content"
      class="stage"
      data-phase={moment.phase}
      data-fast={schedule.stepMs < animatedStepMs}
      data-testid="reveal"
    >
      <StageHead name={tournament.name} index={index} count={drawn.length} />
      {current && index >= 0 ? (
        <Spotlight
          drawn={current}
          whirling={
            moment.phase === 'step' && !moment.settled ? whirlingTeam(drawn, index, moment.whirl) : null
          }
          isOwn={current.playerId === playerId}
        />
      ) : (
        <Intro />
      )}
      <Board drawn={drawn.slice(0, Math.max(0, index + (settled ? 1 : 0)))} playerId={playerId} />
      <SkipButton onSkip={onEnd} />
    </main>
  )
}

function useDrawn(run: RevealRun, tournament: Tournament): Drawn[] {
  return useMemo(() => {
    const names = new Map(tournament.players.map((player) => [player.id, fullName(player)]))
    return run.drawn.assignments.map(({ playerId, team }) => ({
      playerId,
      team,
      name: names.get(playerId) ?? '',
    }))
  }, [run])
}

function indexOf(moment: Moment, count: number): number {
  if (moment.phase === 'intro') return -1
  return moment.phase === 'step' ? moment.index : count - 1
}

/** Any team of the draw, a different one each time, the same on every device. */
function whirlingTeam(drawn: readonly Drawn[], index: number, whirl: number): string {
  const stride = drawn.length > 3 ? 3 : 1
  return drawn[(index + 1 + whirl * stride) % drawn.length]?.team ?? ''
}

/** Ends when it is over, at any key, and at once for people who want no motion. */
function useEndings(moment: Moment, onEnd: () => void): void {
  useEffect(() => {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (moment.phase === 'done' || isStill) onEnd()
  }, [moment.phase])
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      if (!['Tab', 'Shift', 'Control', 'Alt', 'Meta'].includes(key)) onEnd()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

function StageHead({ name, index, count }: { name: string; index: number; count: number }) {
  const { reveal } = texts()
  return (
    <header class="stage-head">
      <p class="kicker">{reveal.title}</p>
      <h1>{name}</h1>
      <p class="stage-turn">{index < 0 ? '' : reveal.turn(index + 1, count)}</p>
      <progress max={count} value={index + 1} aria-label={reveal.title} />
    </header>
  )
}

function Intro() {
  return (
    <div class="spotlight spotlight-intro">
      <p>{texts().reveal.intro}</p>
    </div>
  )
}

function Spotlight({ drawn, whirling, isOwn }: { drawn: Drawn; whirling: string | null; isOwn: boolean }) {
  const team = whirling ?? drawn.team
  const { reveal } = texts()
  return (
    <div class="spotlight" data-own={isOwn} data-settled={whirling === null} data-testid="spotlight">
      <p class="spotlight-you">{isOwn ? reveal.yourTurn : ''}</p>
      <p class="spotlight-name" key={drawn.playerId} data-long={drawn.name.length > 28}>
        {drawn.name}
      </p>
      <div class="spotlight-team" key={whirling === null ? 'settled' : 'whirling'}>
        <Crest team={team} />
        <p data-long={team.length > 18}>{team}</p>
      </div>
    </div>
  )
}

/** Who has been drawn so far, the newest first. */
function Board({ drawn, playerId }: { drawn: readonly Drawn[]; playerId: PlayerId | undefined }) {
  return (
    <ol class="stage-board" reversed>
      {drawn
        .slice(-24)
        .reverse()
        .map(({ playerId: id, name, team }) => (
          <li key={id} data-own={id === playerId}>
            <Crest team={team} />
            <span>
              <strong>{team}</strong>
              <span>{name}</span>
            </span>
          </li>
        ))}
    </ol>
  )
}

function SkipButton({ onSkip }: { onSkip: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus({ preventScroll: true }), [])
  return (
    <button ref={button} type="button" class="button stage-skip" onClick={onSkip}>
      {texts().reveal.skip}
    </button>
  )
}
