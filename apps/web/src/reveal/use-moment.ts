import { useEffect, useState } from 'preact/hooks'
import { type Moment, momentAt, type Schedule } from './schedule.ts'

/** The moment of the reveal that it is now; renders again only when something on the stage changes. */
export function useMoment(schedule: Schedule, startedAtMs: number): Moment {
  const [moment, setMoment] = useState(() => momentAt(schedule, Date.now() - startedAtMs))
  useEffect(() => {
    let frame = 0
    const tick = () => {
      const next = momentAt(schedule, Date.now() - startedAtMs)
      setMoment((before) => (keyOf(before) === keyOf(next) ? before : next))
      if (next.phase !== 'done') frame = requestAnimationFrame(tick)
    }
    tick()
    return () => cancelAnimationFrame(frame)
  }, [schedule, startedAtMs])
  return moment
}

function keyOf(moment: Moment): string {
  return moment.phase === 'step' ? `${moment.index} ${moment.settled} ${moment.whirl}` : moment.phase
}
