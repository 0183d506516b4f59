import type { Tournament } from '@matchday/contracts'
import { LineIcon } from '../components/Icon.tsx'
import { peopleTexts } from '../i18n/people.ts'
import { period, zoneName } from './dates.ts'
import { mapLink } from './map-link.ts'

type Place = Pick<Tournament, 'address' | 'latitude' | 'longitude' | 'startsAt' | 'endsAt'>

const clockShape = 'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z M12 7.500V12l3.200 2'
const pinShape =
  'M12 21c4-4.300 6.500-7.600 6.500-11a6.500 6.500 0 0 0-13 0c0 3.400 2.500 6.700 6.500 11z M12 7.700a2.300 2.300 0 1 0 0 4.600 2.300 2.300 0 0 0 0-4.600z'

/** When and where: no map on the page, but a way into whatever maps the device has. */
export function WhereAndWhen({ event }: { event: Place }) {
  const { dates } = peopleTexts()
  const { address, startsAt, endsAt } = event
  const link = mapLink(event, matchMedia('(pointer: coarse)').matches)
  return (
    <dl class="where-and-when">
      <div>
        <dt>
          <LineIcon shape={clockShape} />
          <span class="visually-hidden">{dates.when}</span>
        </dt>
        <dd>
          {startsAt === null ? (
            dates.none
          ) : (
            <>
              <time dateTime={startsAt}>{period(startsAt, endsAt)}</time>
              <span class="hint">{zoneName(new Date(startsAt))}</span>
            </>
          )}
        </dd>
      </div>
      {address !== null || link !== null ? (
        <div>
          <dt>
            <LineIcon shape={pinShape} />
            <span class="visually-hidden">{dates.where}</span>
          </dt>
          <dd>
            {address === null ? null : <span class="lines-of-text">{address}</span>}
            {link === null ? null : (
              <a href={link} rel="noreferrer noopener" target="_blank">
                {dates.openMap}
              </a>
            )}
          </dd>
        </div>
      ) : null}
    </dl>
  )
}
