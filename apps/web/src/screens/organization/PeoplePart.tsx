import { nameKey } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { dayOf } from '../../people/dates.ts'
import { LineButton, MoreButton, Waiting } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { Reachable } from '../../people/Reachable.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { useOffice } from '../office/office-context.ts'
import { may } from '../office/rights.ts'
import { Invitations } from './Invitations.tsx'
import { MemberDialog } from './MemberDialog.tsx'
import { type Member, memberName } from './member.ts'
import type { PartProps } from './part-props.ts'

/** All of them (membersMax): only so they can be searched. */
const fetchedAtLeast = 500
const searchFrom = 12
/** So many are shown at once; more are a press away, or found by name. */
const shownStep = 50

/** Members and roles. */
export function PeoplePart({ organization }: PartProps) {
  const { people } = officeTexts()
  const { organizationId, role } = organization
  const [opened, setOpened] = useState<Member | null>(null)
  const [typed, setTyped] = useState('')
  const [shownMax, setShownMax] = useState(shownStep)
  const pages = usePages(
    organizationId,
    (query) => staff.call('listMembers', { params: { organizationId }, query }),
    fetchedAtLeast,
  )
  const found = matching(pages.items, typed)
  return (
    <>
      <PartHead
        title={people.title}
        about={pages.status === 'ready' ? people.count(pages.items.length) : undefined}
      />
      {may(role, 'createInvitation') ? <Invitations organization={organization} /> : null}
      {pages.items.length >= searchFrom ? (
        <Field
          label={people.search}
          type="search"
          value={typed}
          onValue={setTyped}
          autocomplete="off"
          enterkeyhint="search"
        />
      ) : null}
      <Waiting pages={pages} />
      {found.length === 0 && typed !== '' ? <p class="soft">{people.nobody}</p> : null}
      <ul class="lines" aria-label={people.title} data-testid="members">
        {found.slice(0, shownMax).map((member) => (
          <MemberLine key={member.accountId} member={member} onOpen={() => setOpened(member)} />
        ))}
      </ul>
      {found.length > shownMax ? (
        <div class="more">
          <button type="button" class="button" onClick={() => setShownMax(shownMax + shownStep)}>
            {peopleTexts().common.more}
          </button>
        </div>
      ) : (
        <MoreButton pages={pages} />
      )}
      {opened ? (
        <MemberDialog
          organization={organization}
          member={opened}
          onChanged={pages.reload}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </>
  )
}

function matching(members: readonly Member[], typed: string): readonly Member[] {
  const wanted = nameKey(typed)
  if (wanted === '') return members
  return members.filter(({ firstName, lastName, email }) =>
    nameKey(`${firstName ?? ''} ${lastName ?? ''} ${email ?? ''}`).includes(wanted),
  )
}

function MemberLine({ member, onOpen }: { member: Member; onOpen: () => void }) {
  const { people } = officeTexts()
  const { roles, common } = peopleTexts()
  const { profile } = useOffice()
  const name = memberName(member)
  const { email, phone, role, since, isManageable, accountId } = member
  return (
    <li class="line" data-testid="member" data-role={role}>
      <span class="line-text">
        <strong>
          {name}
          {accountId === profile.accountId ? <span class="pill">{people.you}</span> : null}
        </strong>
        <Reachable email={email} phone={phone} />
        <span class="hint">{people.since(dayOf(since))}</span>
      </span>
      <span class="line-end">
        <span class="tag" data-kind="role">
          {roles[role]}
        </span>
        {isManageable ? (
          <LineButton action={common.edit} spoken={people.manage(name)} onPress={onOpen} />
        ) : null}
      </span>
    </li>
  )
}
