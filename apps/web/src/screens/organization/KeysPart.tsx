import type { Operations, OrganizationId, OutputOf } from '@matchday/contracts'
import { normalizeName } from '@matchday/contracts/names'
import { type Scope, scopes } from '@matchday/contracts/roles'
import { useState } from 'preact/hooks'
import { Dialog } from '../../components/Dialog.tsx'
import { Field } from '../../components/Field.tsx'
import { officeTexts } from '../../i18n/office.ts'
import { ConfirmCommand } from '../../people/ConfirmCommand.tsx'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { nameError, pointedError, restOfFailure } from '../../people/field-errors.ts'
import { Choice, SelectField } from '../../people/fields.tsx'
import { Empty, LineButton, Paged } from '../../people/Lists.tsx'
import { PartHead } from '../../people/PartHead.tsx'
import { ShownOnce } from '../../people/ShownOnce.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import type { PartProps } from './part-props.ts'

type Key = OutputOf<Operations['listApiKeys']>['items'][number]

/** Keys with which programs act for the organisation. */
export function KeysPart({ organization }: PartProps) {
  const { keys } = officeTexts()
  const { organizationId } = organization
  const [isMaking, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const pages = usePages(organizationId, (query) =>
    staff.call('listApiKeys', { params: { organizationId }, query }),
  )
  const make = (
    <button type="button" class="button primary" onClick={() => setMaking(true)}>
      {keys.create}
    </button>
  )
  return (
    <>
      <PartHead title={keys.title} about={keys.about}>
        {pages.items.length > 0 ? make : null}
      </PartHead>
      <Paged pages={pages} none={<Empty title={keys.none}>{make}</Empty>}>
        <ul class="lines" aria-label={keys.title} data-testid="keys">
          {pages.items.map((key) => (
            <KeyLine key={key.keyId} apiKey={key} onRevoke={() => setRevoking(key)} />
          ))}
        </ul>
      </Paged>
      {isMaking ? (
        <CreateDialog
          organizationId={organizationId}
          onMade={pages.reload}
          onClose={() => setMaking(false)}
        />
      ) : null}
      {revoking ? (
        <ConfirmCommand
          command="revokeApiKey"
          input={{ params: { organizationId, keyId: revoking.keyId } }}
          title={keys.revokeThat(revoking.name)}
          about={keys.revokeAbout}
          action={keys.revoke}
          onDone={pages.reload}
          onClose={() => setRevoking(null)}
        />
      ) : null}
    </>
  )
}

function KeyLine({ apiKey, onRevoke }: { apiKey: Key; onRevoke: () => void }) {
  const { keys } = officeTexts()
  const { name, start, createdAt, usedAt, expiresAt } = apiKey
  return (
    <li class="line">
      <span class="line-text">
        <strong>{name}</strong>
        <span class="number">{start}…</span>
        <span class="tags">
          {apiKey.scopes.map((scope) => (
            <span key={scope} class="tag">
              {keys.scopes[scope].name}
            </span>
          ))}
        </span>
        <span class="hint">
          {[
            keys.made(dateTime(createdAt)),
            usedAt === null ? keys.neverUsed : keys.used(dateTime(usedAt)),
            expiresAt === null ? keys.neverExpires : keys.expires(dateTime(expiresAt)),
          ].join(' ')}
        </span>
      </span>
      <span class="line-end">
        <LineButton action={keys.revoke} spoken={keys.revokeThat(name)} onPress={onRevoke} />
      </span>
    </li>
  )
}

type CreateProps = { organizationId: OrganizationId; onMade: () => Promise<void>; onClose: () => void }

function CreateDialog({ organizationId, onMade, onClose }: CreateProps) {
  const { keys } = officeTexts()
  const [made, setMade] = useState<string | null>(null)
  return (
    <Dialog title={made === null ? keys.create : keys.createdTitle} onClose={onClose}>
      {made === null ? (
        <CreateForm
          organizationId={organizationId}
          onMade={(key) => {
            setMade(key)
            void onMade()
          }}
        />
      ) : (
        <ShownOnce text={made} label={keys.key} about={keys.once} />
      )}
    </Dialog>
  )
}

/** Days after which a key ends by itself; the first is what is chosen unless told. */
const lives = ['90', '365', 'never'] as const
type Life = (typeof lives)[number]

function CreateForm({
  organizationId,
  onMade,
}: {
  organizationId: OrganizationId
  onMade: (key: string) => void
}) {
  const { keys } = officeTexts()
  const command = useStaffCommand('createApiKey')
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['tournaments:read'])
  const [life, setLife] = useState<Life>('90')
  const [wasSubmitted, setSubmitted] = useState(false)
  const create = async () => {
    setSubmitted(true)
    if (nameError(name, 'title') || chosen.length === 0) return
    const body = {
      name: normalizeName(name),
      scopes: [...chosen],
      ...(life === 'never' ? {} : { expiresInDays: Number(life) }),
    }
    const sent = await command.send({ params: { organizationId }, body })
    if (sent.status === 'done') onMade(sent.value.key)
  }
  const set = (scope: Scope, isChosen: boolean) =>
    setChosen(scopes.filter((one) => (one === scope ? isChosen : chosen.includes(one))))
  return (
    <Form onSubmit={create}>
      <Field
        label={keys.name}
        value={name}
        onValue={setName}
        placeholder={keys.namePlaceholder}
        autocomplete="off"
        autofocus
        error={(wasSubmitted && nameError(name, 'title')) || pointedError(command.failure, '/body/name')}
      />
      <fieldset class="choice-lines">
        <legend>{keys.may}</legend>
        {scopes.map((scope) => (
          <Choice
            key={scope}
            type="checkbox"
            name={keys.scopes[scope].name}
            about={keys.scopes[scope].about}
            isChosen={chosen.includes(scope)}
            onChange={(isChosen) => set(scope, isChosen)}
          />
        ))}
      </fieldset>
      {wasSubmitted && chosen.length === 0 ? (
        <p class="error" role="alert">
          {keys.nothingChosen}
        </p>
      ) : null}
      <SelectField
        label={keys.life}
        value={life}
        onValue={setLife}
        options={lives.map((one) => [one, one === 'never' ? keys.forever : keys.days(Number(one))] as const)}
      />
      <FormFoot
        error={restOfFailure(command.failure, ['/body/name'])}
        action={keys.create}
        isBusy={command.isBusy}
      />
    </Form>
  )
}
