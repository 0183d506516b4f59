import type { EventsCatalogue } from './events-en.ts'
import { formatFor } from './format.ts'

const { count } = formatFor('de')

export const eventsDe: EventsCatalogue = {
  title: 'Turnier finden',
  lead: 'Öffentliche Turniere, die nächsten zuerst.',
  search: 'Name, Ort oder worum es geht',
  from: 'Von',
  to: 'Bis',
  none: 'Nichts gefunden',
  noneAbout: 'Versuch es mit weniger Wörtern oder anderen Tagen.',
  nothing: 'Gerade ist nichts angekündigt',
  nothingAbout:
    'Hier stehen öffentliche Turniere von Organisationen. Jemand hat dir einen Code gegeben? Dann mach damit mit.',
  clear: 'Alle zeigen',
  join: 'Mitmachen',
  watch: 'Live zuschauen',
  byCode: 'Mit Code mitmachen',
  full: 'Alle Plätze sind vergeben',
  closed: 'Der Beitritt ist geschlossen',
  drawn: 'Die Teams sind ausgelost',
  archived: 'Es ist vorbei',
  seatsLeft: (n) => `${count(n, { one: 'Platz', other: 'Plätze' })} frei`,
  organizer: 'Ausgerichtet von',
  about: 'Worum es geht',
  place: 'Wo und wann',
  gone: 'Dieses Turnier gibt es nicht',
  goneAbout: 'Vielleicht ist es privat oder vorbei. Frag, wer dir die Adresse geschickt hat.',
  all: 'Alle Turniere',
}
