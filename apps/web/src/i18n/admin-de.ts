import type { AdminCatalogue } from './admin-en.ts'
import { formatFor } from './format.ts'

const { count } = formatFor('de')

export const adminDe: AdminCatalogue = {
  title: 'Verwaltung',
  notYours: 'Das ist für die Verwaltung',
  notYoursAbout: 'Dein Konto verwaltet nichts. Deine eigenen Organisationen sind im Büro.',
  organizations: 'Organisationen',
  administrators: 'Wer verwaltet',
  changes: 'Änderungen',
  show: 'Zeigen',
  filters: { pending: 'Warten auf Freigabe', approved: 'Freigegeben', blocked: 'Gesperrt', all: 'Alle' },
  search: 'Teil des Namens',
  none: {
    pending: 'Niemand wartet.',
    approved: 'Noch ist keine freigegeben.',
    blocked: 'Keine ist gesperrt.',
    all: 'Es gibt noch keine Organisation.',
  },
  noneFound: 'So heißt keine.',
  since: (when) => `Seit ${when}`,
  members: (n) => count(n, { one: 'Mitglied', other: 'Mitglieder' }),
  registered: 'Angemeldet',
  people: 'Leute',
  owners: 'Gesamtleitung',
  decision: 'Entscheidung',
  means: {
    pending: 'Sie wartet. Ihre Leute können darin nichts tun, und niemand sieht ihre Turniere.',
    approved: 'Sie ist freigegeben: Ihre Leute planen Turniere, öffentliche sind zu finden.',
    blocked: 'Sie ist gesperrt: Ihre Leute können darin nichts tun, und niemand sieht ihre Turniere.',
  },
  approve: 'Freigeben',
  unblock: 'Wieder freigeben',
  block: 'Sperren',
  blockAsk: (name) => `${name} sperren?`,
  blockAbout: [
    'Alle, die dazugehören, werden sofort abgemeldet, und ihre Turniere verschwinden aus der Suche.',
    'Gelöscht wird nichts; du kannst sie wieder freigeben.',
  ].join(' '),
  preview: 'Hineinsehen',
  previewAbout: [
    'Du siehst und änderst sie wie ihre Gesamtleitung, höchstens acht Stunden lang.',
    'Was du tust, steht mit deinem Namen in ihren Änderungen.',
  ].join(' '),
  enter: 'Vorschau öffnen',
  goIn: 'Dorthin',
  administratorsAbout: 'Sie geben Organisationen frei und dürfen hineinsehen.',
  add: 'Jemanden hinzufügen',
  addAbout: 'Wer noch kein Konto hat, bekommt per Mail einen Link, um ein Passwort zu wählen.',
  removeAsk: (name) => `${name} entfernen`,
  removeAbout: 'Das Konto wird gelöscht und sofort überall abgemeldet.',
  changesAbout: 'Was die Verwaltung getan hat, in allen Organisationen.',
  inOrganizations: 'In Organisationen',
  ofAccounts: 'Konten der Verwaltung',
  byItself: 'Matchday',
  done: {
    added: (name) => `hat ${name} in die Verwaltung geholt`,
    changed: (name) => `hat das Konto von ${name} geändert`,
    removed: (name) => `hat ${name} entfernt`,
  },
  outbox: 'Postausgang',
  outboxAbout:
    'Es ist kein Mailserver eingerichtet, deshalb bleiben Mails hier. Nur dieser Computer sieht sie.',
  outboxClosed: 'Hier gibt es nichts zu sehen',
  outboxClosedAbout: [
    'Diese Seite zeigt Mails nur auf dem Computer, auf dem Matchday läuft,',
    'und nur, solange es keine verschickt.',
  ].join(' '),
  noMail: 'Noch keine Mail.',
  toStaff: 'An Organisationen',
  toPlayers: 'An Spielende',
}
