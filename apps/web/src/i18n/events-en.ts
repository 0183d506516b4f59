import { formatFor } from './format.ts'

const { count } = formatFor('en')

export const eventsEn = {
  title: 'Find a tournament',
  lead: 'Public tournaments, those that begin first first.',
  search: 'Name, place or what it is about',
  from: 'From',
  to: 'Until',
  none: 'Nothing found',
  noneAbout: 'Try fewer words, or other days.',
  nothing: 'Nothing is announced right now',
  nothingAbout:
    'Public tournaments of organisations show up here. Somebody has given you a code? Then join by it.',
  clear: 'Show all',
  join: 'Join',
  watch: 'Watch live',
  byCode: 'Join by a code',
  full: 'All seats are taken',
  closed: 'Joining is closed',
  drawn: 'The teams are drawn',
  archived: 'It is over',
  seatsLeft: (n: number) => `${count(n, { one: 'seat', other: 'seats' })} left`,
  organizer: 'Organised by',
  about: 'About it',
  place: 'Where and when',
  gone: 'No such tournament',
  goneAbout: 'It may be private, or over. Ask whoever sent you the address.',
  all: 'All tournaments',
}

export type EventsCatalogue = typeof eventsEn
