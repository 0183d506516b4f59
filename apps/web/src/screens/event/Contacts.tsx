import type { TournamentId } from '@matchday/contracts'
import { useState } from 'preact/hooks'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { LineButton, Paged } from '../../people/Lists.tsx'
import { Reachable } from '../../people/Reachable.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { Organization } from '../office/office-context.ts'
import { may } from '../office/rights.ts'
import { ContactDialog } from './ContactDialog.tsx'
import type { Contact } from './contact.ts'

type Props = { organization: Organization; tournamentId: TournamentId }
type Opened = { what: 'new' } | { what: 'edit' | 'delete'; contact: Contact }

/** Whom to reach about this tournament: the caretaker, the caterer, the doctor. */
export function Contacts({ organization, tournamentId }: Props) {
  const { contacts } = officeTexts()
  const { organizationId, role } = organization
  const [opened, setOpened] = useState<Opened | null>(null)
  const pages = usePages(tournamentId, (page) =>
    staff.call('listContacts', { params: { organizationId }, query: { ...page, tournamentId } }),
  )
  const close = () => setOpened(null)
  const mayChange = may(role, 'createContact')
  return (
    <section class="card stack" aria-labelledby="contacts-title">
      <header class="card-head">
        <h2 id="contacts-title">{contacts.title}</h2>
        {mayChange ? (
          <button type="button" class="button" onClick={() => setOpened({ what: 'new' })}>
            {contacts.add}
          </button>
        ) : null}
      </header>
      <Paged pages={pages} none={<p class="soft">{contacts.none}</p>}>
        <ul class="lines" data-testid="contacts">
          {pages.items.map((contact) => (
            <ContactLine
              key={contact.contactId}
              contact={contact}
              onOpen={mayChange ? (what) => setOpened({ what, contact }) : undefined}
            />
          ))}
        </ul>
      </Paged>
      {opened?.what === 'new' || opened?.what === 'edit' ? (
        <ContactDialog
          organizationId={organizationId}
          tournamentId={tournamentId}
          contact={opened.what === 'edit' ? opened.contact : null}
          onSaved={pages.reload}
          onClose={close}
        />
      ) : null}
      {opened?.what === 'delete' ? (
        <ConfirmCommand
          command="deleteContact"
          input={{ params: { organizationId, contactId: opened.contact.contactId } }}
          title={contacts.deleteAsk(nameOf(opened.contact))}
          about={contacts.deleteAbout}
          action={peopleTexts().common.delete}
          onDone={pages.reload}
          onClose={close}
        />
      ) : null}
    </section>
  )
}

const nameOf = ({ firstName, lastName }: Contact) => `${firstName} ${lastName}`

type LineProps = { contact: Contact; onOpen: ((what: 'edit' | 'delete') => void) | undefined }

function ContactLine({ contact, onOpen }: LineProps) {
  const { common } = peopleTexts()
  const { contacts } = officeTexts()
  const { email, phone, notes } = contact
  const name = nameOf(contact)
  return (
    <li class="line" data-testid="contact">
      <span class="line-text">
        <strong>{name}</strong>
        <Reachable email={email} phone={phone} />
        {notes ? <span class="soft lines-of-text">{notes}</span> : null}
      </span>
      {onOpen ? (
        <span class="line-end">
          <LineButton action={common.edit} spoken={contacts.editThat(name)} onPress={() => onOpen('edit')} />
          <LineButton
            action={common.delete}
            spoken={contacts.deleteThat(name)}
            onPress={() => onOpen('delete')}
          />
        </span>
      ) : null}
    </li>
  )
}
