import type { Operations, OutputOf } from '@matchday/contracts'
import type { Realm } from '@matchday/contracts/roles'
import { Notice } from '../../components/Notice.tsx'
import { TopBar } from '../../components/TopBar.tsx'
import { useScreen } from '../../components/use-screen.ts'
import { adminTexts } from '../../i18n/admin.ts'
import { dateTime } from '../../people/dates.ts'
import { Empty, MoreButton, WaitingPage } from '../../people/Lists.tsx'
import { type Pages, usePages } from '../../people/use-pages.ts'
import { peopleApi } from '../../session/sessions.ts'
import { linked } from './linked.ts'
import '../../people/forms.css'
import '../../people/people.css'

type Mail = OutputOf<Operations['listStaffMails']>['items'][number]

/** Mails that were not sent, for whoever sits at the computer that Matchday runs on. */
export function OutboxScreen() {
  const words = adminTexts()
  const staff = usePages('staff mails', (query) => peopleApi('listStaffMails', { query }))
  const players = usePages('player mails', (query) => peopleApi('listPlayerMails', { query }))
  if (staff.status === 'rejected') {
    return (
      <>
        <TopBar />
        <Notice icon="lock" title={words.outboxClosed} about={words.outboxClosedAbout} />
      </>
    )
  }
  return (
    <>
      <TopBar />
      {staff.status === 'ready' ? <Shown staff={staff} players={players} /> : <WaitingPage pages={staff} />}
    </>
  )
}

type ShownProps = Record<Realm, Pages<Mail>>

function Shown({ staff, players }: ShownProps) {
  const words = adminTexts()
  const heading = useScreen(words.outbox)
  const isEmpty = staff.items.length === 0 && players.items.length === 0
  return (
    <main id="content" class="desk">
      <header class="desk-head">
        <h1 ref={heading} tabIndex={-1}>
          {words.outbox}
        </h1>
        <p class="soft">{words.outboxAbout}</p>
      </header>
      {isEmpty ? <Empty title={words.noMail} /> : null}
      <MailList pages={staff} title={words.toStaff} />
      <MailList pages={players} title={words.toPlayers} />
    </main>
  )
}

function MailList({ pages, title }: { pages: Pages<Mail>; title: string }) {
  if (pages.items.length === 0) return null
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul class="lines" data-testid="mails">
        {pages.items.map((mail) => (
          <MailLine key={mail.id} mail={mail} />
        ))}
      </ul>
      <MoreButton pages={pages} />
    </section>
  )
}

function MailLine({ mail }: { mail: Mail }) {
  const { to, subject, text, at } = mail
  return (
    <li class="line mail">
      <span class="line-text">
        <strong>{subject}</strong>
        <span class="soft">
          {to} · {dateTime(at)}
        </span>
        <span class="lines-of-text mail-text">
          {linked(text, location.origin).map((piece, index) =>
            piece.href === null ? (
              <span key={index}>{piece.text}</span>
            ) : (
              <a key={index} href={piece.href}>
                {piece.text}
              </a>
            ),
          )}
        </span>
      </span>
    </li>
  )
}
