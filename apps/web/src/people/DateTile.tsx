import { tileOf } from './dates.ts'

/** The day on a scoreboard's tile; decoration, for the whole date stands beside it. */
export function DateTile({ startsAt }: { startsAt: string | null }) {
  const tile = startsAt === null ? null : tileOf(startsAt)
  return (
    <span class="date-tile" data-none={tile === null} aria-hidden="true">
      <b>{tile?.day ?? '–'}</b>
      <i>{tile?.month ?? ''}</i>
    </span>
  )
}
