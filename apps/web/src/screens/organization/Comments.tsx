import type { IncidentId, Operations, OrganizationId, OutputOf } from '@matchday/contracts'
import { normalizeText } from '@matchday/contracts/names'
import { useState } from 'preact/hooks'
import { ErrorText } from '../../components/ErrorText.tsx'
import { texts } from '../../i18n/language.ts'
import { officeTexts } from '../../i18n/office.ts'
import { peopleTexts } from '../../i18n/people.ts'
import { useStaffCommand } from '../../people/commands.ts'
import { dateTime } from '../../people/dates.ts'
import { Form, FormFoot } from '../../people/Form.tsx'
import { pointedError, restOfFailure, textError } from '../../people/field-errors.ts'
import { TextField } from '../../people/fields.tsx'
import { Paged } from '../../people/Lists.tsx'
import { usePages } from '../../people/use-pages.ts'
import { staff } from '../../session/sessions.ts'
import { commentLengthMax } from './incident-words.ts'

type Place = { organizationId: OrganizationId; incidentId: IncidentId }
type Comment = OutputOf<Operations['listComments']>['items'][number]

/** What was said about an incident, newest first; everybody changes only his own words. */
export function Comments(place: Place) {
  const { comments } = officeTexts()
  const pages = usePages(place.incidentId, (query) => staff.call('listComments', { params: place, query }))
  return (
    <section class="stack comments" aria-labelledby="comments-title">
      <h2 id="comments-title">{comments.title}</h2>
      <section class="card">
        <CommentForm place={place} comment={null} onSaved={pages.reload} />
      </section>
      <Paged pages={pages}>
        <ul class="lines" data-testid="comments">
          {pages.items.map((comment) => (
            <CommentLine key={comment.commentId} place={place} comment={comment} onChanged={pages.reload} />
          ))}
        </ul>
      </Paged>
    </section>
  )
}

type FormProps = {
  place: Place
  /** The one that is changed, or nothing for a new one. */
  comment: Comment | null
  onSaved: () => Promise<void>
  onCancel?: () => void
}

function CommentForm({ place, comment, onSaved, onCancel }: FormProps) {
  const { comments } = officeTexts()
  const adding = useStaffCommand('addComment')
  const changing = useStaffCommand('changeComment')
  const { isBusy, failure } = comment ? changing : adding
  const [typed, setTyped] = useState(comment?.content ?? '')
  const content = normalizeText(typed)
  const error = textError(typed, commentLengthMax)
  const save = async () => {
    if (content === '' || error) return
    const sent = comment
      ? await changing.send({ params: { ...place, commentId: comment.commentId }, body: { content } })
      : await adding.send({ params: place, body: { content } })
    if (sent.status !== 'done') return
    setTyped('')
    await onSaved()
  }
  return (
    <Form onSubmit={save} label={comment ? comments.edit : comments.add}>
      <TextField
        label={comments.yours}
        value={typed}
        onValue={setTyped}
        lengthMax={commentLengthMax}
        rows={3}
        error={error || pointedError(failure, '/body/content')}
      />
      <FormFoot
        error={restOfFailure(failure, ['/body/content'])}
        action={comment ? peopleTexts().common.save : comments.add}
        isBusy={isBusy || content === ''}
      >
        {onCancel ? (
          <button type="button" class="button" onClick={onCancel}>
            {texts().common.cancel}
          </button>
        ) : null}
      </FormFoot>
    </Form>
  )
}

type LineProps = { place: Place; comment: Comment; onChanged: () => Promise<void> }

function CommentLine({ place, comment, onChanged }: LineProps) {
  const { comments } = officeTexts()
  const { common } = peopleTexts()
  const [isEditing, setEditing] = useState(false)
  const saved = () => {
    setEditing(false)
    return onChanged()
  }
  const { author, content, createdAt, changedAt, isOwn } = comment
  return (
    <li class="line comment">
      <span class="line-text">
        <strong>
          {author.name ?? common.nobody}
          <span class="hint">
            {dateTime(createdAt)}
            {changedAt === null ? '' : ` · ${comments.changed}`}
          </span>
        </strong>
        {isEditing ? (
          <CommentForm place={place} comment={comment} onSaved={saved} onCancel={() => setEditing(false)} />
        ) : (
          <span class="lines-of-text">{content}</span>
        )}
      </span>
      {isOwn && !isEditing ? (
        <span class="line-end">
          <button type="button" class="button quiet" onClick={() => setEditing(true)}>
            {common.edit}
          </button>
          <DeleteComment place={place} comment={comment} onChanged={onChanged} />
        </span>
      ) : null}
    </li>
  )
}

/** Asks by a second press: a comment is soon written again. */
function DeleteComment({ place, comment, onChanged }: LineProps) {
  const { comments } = officeTexts()
  const { common } = peopleTexts()
  const command = useStaffCommand('deleteComment')
  const [isSure, setSure] = useState(false)
  const remove = async () => {
    if (!isSure) return setSure(true)
    const sent = await command.send({ params: { ...place, commentId: comment.commentId } })
    if (sent.status === 'done') await onChanged()
  }
  return (
    <>
      <button
        type="button"
        class={isSure ? 'button danger' : 'button quiet'}
        disabled={command.isBusy}
        onClick={() => void remove()}
        onBlur={() => setSure(false)}
      >
        {isSure ? comments.reallyDelete : common.delete}
      </button>
      <ErrorText text={command.failure?.text} />
    </>
  )
}
