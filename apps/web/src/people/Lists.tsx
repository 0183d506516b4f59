import type { ComponentChildren } from 'preact'
import type { FailureCode } from '../api/use-command.ts'
import { ErrorText } from '../components/ErrorText.tsx'
import { Notice } from '../components/Notice.tsx'
import { texts } from '../i18n/language.ts'
import { peopleTexts } from '../i18n/people.ts'
import { peopleFailureText } from './commands.ts'

type Shown = { status: 'loading' | 'ready' | 'rejected' | 'unreachable'; code?: FailureCode }

/** What stands where an answer is missing: nothing for a moment, then grey lines; or why there is none. */
export function Waiting({ pages, lines = 3 }: { pages: Shown; lines?: number | undefined }) {
  const { common, empty } = texts()
  switch (pages.status) {
    case 'ready':
      return null
    case 'loading':
      return (
        <div class="waiting" role="status" aria-label={common.loading}>
          {Array.from({ length: lines }, (_, index) => (
            <span key={index} />
          ))}
        </div>
      )
    case 'rejected':
      return <ErrorText text={peopleFailureText(pages.code ?? 'internal')} />
    case 'unreachable':
      return (
        <p class="note" role="status">
          {empty.unreachable}. {texts().connection.mending}
        </p>
      )
    default:
      return pages.status satisfies never
  }
}

/** The same for a whole page. */
export function WaitingPage({ pages }: { pages: Shown }) {
  const { common, empty } = texts()
  if (pages.status === 'unreachable') {
    return <Notice icon="signal" title={empty.unreachable} about={empty.unreachableAbout} />
  }
  if (pages.status === 'rejected') {
    const isNothing = pages.code === 'not-found'
    return (
      <Notice
        icon={isNothing ? 'lost' : 'lock'}
        title={isNothing ? empty.notFound : peopleTexts().common.closed}
        about={peopleFailureText(pages.code ?? 'internal')}
      >
        <button type="button" class="button" onClick={() => history.back()}>
          {peopleTexts().common.back}
        </button>
      </Notice>
    )
  }
  return <main id="content" class="loading" aria-busy="true" aria-label={common.loading} />
}

type MoreProps = { pages: { hasMore: boolean; isLoadingMore: boolean; more: () => Promise<void> } }

export function MoreButton({ pages }: MoreProps) {
  const { common } = peopleTexts()
  if (!pages.hasMore) return null
  return (
    <div class="more">
      <button type="button" class="button" disabled={pages.isLoadingMore} onClick={() => void pages.more()}>
        {pages.isLoadingMore ? common.loadingMore : common.more}
      </button>
    </div>
  )
}

type PagedProps = {
  pages: Shown & MoreProps['pages'] & { items: readonly unknown[] }
  /** Said when nothing is in the list. */
  none?: ComponentChildren
  /** As many grey lines stand there until it has come. */
  lines?: number
  children: ComponentChildren
}

/** What stands around each list that comes in pages. */
export function Paged({ pages, none, lines, children }: PagedProps) {
  return (
    <>
      <Waiting pages={pages} lines={lines} />
      {pages.status === 'ready' && pages.items.length === 0 ? none : null}
      {children}
      <MoreButton pages={pages} />
    </>
  )
}

type LineButtonProps = {
  action: string
  /** The action and what it is done to: who listens does not see in which line the button stands. */
  spoken: string
  onPress: () => void | Promise<void>
  isBusy?: boolean
  isPrimary?: boolean
}

/** What can be done with a line of a list. */
export function LineButton({ action, spoken, onPress, isBusy = false, isPrimary = false }: LineButtonProps) {
  return (
    <button
      type="button"
      class={isPrimary ? 'button primary' : 'button quiet'}
      aria-label={spoken}
      disabled={isBusy}
      onClick={() => void onPress()}
    >
      {action}
    </button>
  )
}

/** The card of a list without anything in it, and what could be done about that. */
export function Empty({
  title,
  about,
  children,
}: {
  title: string
  about?: string | undefined
  children?: ComponentChildren
}) {
  return (
    <section class="card">
      <div class="empty">
        <p>
          <strong>{title}</strong>
        </p>
        {about ? <p class="soft">{about}</p> : null}
        {children ? <div class="form-actions">{children}</div> : null}
      </div>
    </section>
  )
}
