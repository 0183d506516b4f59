import { createHash } from 'node:crypto'
import { type Clock, isoTime } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Envelope } from '../../message.ts'
import {
  type DeadLetter,
  type DeadLetterContent,
  isWrittenDown,
  type Queue,
  type QueueLimits,
} from '../port.ts'
import { contentOf, withheldFault } from '../withheld.ts'
import { envelopeIn } from './delivery.ts'
import { type ApiError, notFoundCodes, type Questions, unavailable } from './questions.ts'
import { api, deadSubject, queueSubject, streamOf } from './subjects.ts'

/** A dead letter of a message that was no envelope carries its bytes, unless withheld; its envelope is empty. */
export type NatsDeadLetter = DeadLetter & { readonly rawBase64?: string }

/** How it lies in the stream, which is on disk. */
type Stored = Content & {
  readonly schema: 1
  readonly attempts: number
  readonly reason: string
  readonly at: string
}
type Content =
  | DeadLetterContent
  /** What was no envelope: its bytes, where they may be kept. */
  | { readonly envelope: null; readonly rawBase64: string; readonly withheld?: never }
  | { readonly envelope: null; readonly rawBase64?: never; readonly withheld: true }
type Found = { readonly sequence: number; readonly letter: NatsDeadLetter }
export type StoredMessage = { readonly sequence: number; readonly bytes: Buffer; readonly storedAt: number }
type MessageAnswer = {
  readonly message?: { readonly seq: number; readonly data?: string; readonly time: string }
}

/** What became of a message: `sequence` is its place in the queue's stream. */
export type Buried = { readonly sequence: number; readonly attempts: number; readonly reason: string }

export type DeadLettersOptions = {
  readonly questions: Questions
  readonly clock: Clock
  readonly log: Log
  readonly limits: QueueLimits
}

/** The dead letters of all queues: streams of their own, so that they outlive the queue that gave up. */
export class DeadLetters {
  private readonly options: DeadLettersOptions

  constructor(options: DeadLettersOptions) {
    this.options = options
  }

  /** Resolves when the dead letter is held; the same message buried twice is one letter. */
  async bury(queue: Queue, content: Envelope | Uint8Array, buried: Buried): Promise<void> {
    const { attempts, reason, sequence } = buried
    const at = isoTime(this.options.clock)
    const kept = content instanceof Uint8Array ? bytesOf(queue, content) : contentOf(queue, content)
    const stored: Stored = { schema: 1, ...kept, attempts, reason, at }
    // A queue that was lost and made again counts from one again, so what the message says is part of its id: as far
    // as it is kept, for a digest of the rest would tell something of it.
    const digest = createHash('sha256').update(JSON.stringify(kept)).digest('hex').slice(0, 16)
    this.options.log.warn({ queue, envelope: kept.envelope?.id ?? null, attempts, reason }, 'dead letter')
    await this.options.questions.publish(deadSubject(queue), Buffer.from(JSON.stringify(stored)), {
      messageId: `${streamOf.queue(queue)}.${sequence}.${digest}`,
    })
  }

  /** Takes a message that nobody will be given any more out of its queue. Nothing happens when it is gone. */
  async buryStranded(queue: Queue, sequence: number, attempts: number, reason: string): Promise<void> {
    const stream = streamOf.queue(queue)
    const message = await this.message(stream, { seq: sequence })
    if (message === null) return
    await this.bury(queue, envelopeIn(message.bytes) ?? message.bytes, { sequence, attempts, reason })
    await this.delete(stream, sequence)
  }

  async list(queue: Queue, limit: number): Promise<readonly NatsDeadLetter[]> {
    const letters: NatsDeadLetter[] = []
    for await (const { letter } of this.all(queue)) {
      if (letters.length >= limit) break
      letters.push(letter)
    }
    return letters
  }

  /** Back to its queue, with time to be done; then it is no dead letter any more. */
  async replay(queue: Queue, envelopeId: string): Promise<boolean> {
    const found = await this.find(queue, envelopeId)
    if (found === null) return false
    const { sequence, letter } = found
    if (letter.withheld === true) throw withheldFault(envelopeId)
    const payload =
      letter.rawBase64 === undefined ? this.revived(letter.envelope) : Buffer.from(letter.rawBase64, 'base64')
    // Not the envelope's own id, which the queue may still remember; but the same again if this is tried again.
    const messageId = `replay.${streamOf.dead(queue.service)}.${sequence}.${Date.parse(letter.at)}`
    await this.options.questions.publish(queueSubject(queue), payload, { messageId })
    await this.delete(streamOf.dead(queue.service), sequence)
    return true
  }

  async dismiss(queue: Queue, envelopeId: string): Promise<boolean> {
    const found = await this.find(queue, envelopeId)
    if (found === null) return false
    await this.delete(streamOf.dead(queue.service), found.sequence)
    return true
  }

  /** The message at a place, or the next of a subject from there on. Null when there is none. */
  async message(
    stream: string,
    question: { seq: number; next_by_subj?: string },
  ): Promise<StoredMessage | null> {
    const { message, error } = await this.options.questions.api<MessageAnswer>(
      api.messageGet(stream),
      question,
    )
    if (message !== undefined) {
      const bytes = Buffer.from(message.data ?? '', 'base64')
      return { sequence: message.seq, bytes, storedAt: Date.parse(message.time) }
    }
    if (isMissing(error)) return null
    throw unavailable(`The broker does not show a message of ${stream}: ${error?.description ?? 'no answer'}`)
  }

  async delete(stream: string, sequence: number): Promise<void> {
    const { error } = await this.options.questions.api(api.messageDelete(stream), { seq: sequence })
    if (error === undefined || isMissing(error)) return
    // Deleted by somebody else in between: the broker has no code of its own for that.
    if ((await this.message(stream, { seq: sequence })) !== null) {
      throw unavailable(`The broker does not delete a message of ${stream}: ${error.description ?? ''}`)
    }
  }

  private async find(queue: Queue, envelopeId: string): Promise<Found | null> {
    for await (const found of this.all(queue)) if (found.letter.envelope.id === envelopeId) return found
    return null
  }

  private async *all(queue: Queue): AsyncGenerator<Found> {
    const stream = streamOf.dead(queue.service)
    const subject = deadSubject(queue)
    let next = 1
    for (let seen = 0; seen < this.options.limits.deadLettersMax; seen++) {
      const message = await this.message(stream, { seq: next, next_by_subj: subject })
      if (message === null) return
      next = message.sequence + 1
      yield { sequence: message.sequence, letter: letterOf(queue, message, stream) }
    }
  }

  private revived(envelope: Envelope): Buffer {
    const deadlineAt = this.options.clock.now() + this.options.limits.replayedDeadlineMs
    const items = envelope.items.map((item) => ({ ...item, deadlineAt }))
    return Buffer.from(JSON.stringify({ ...envelope, items }))
  }
}

function letterOf(queue: Queue, message: StoredMessage, stream: string): NatsDeadLetter {
  // Only this class writes there; what a person put there by hand is shown as unreadable.
  const stored = storedIn(message.bytes) ?? {
    schema: 1,
    envelope: null,
    rawBase64: message.bytes.toString('base64'),
    attempts: 0,
    reason: 'it was put among the dead letters by hand',
    at: new Date(message.storedAt).toISOString(),
  }
  const { attempts, reason, at } = stored
  return { queue, ...shownContent(stored, `unreadable-${stream}-${message.sequence}`), attempts, reason, at }
}

function shownContent(stored: Content, idOfUnreadable: string): DeadLetterContent & { rawBase64?: string } {
  if (stored.envelope !== null) {
    // Named one by one: what else a person may have put there is not passed on.
    const { envelope } = stored
    return stored.withheld === true ? { envelope, withheld: true } : { envelope: stored.envelope }
  }
  const unreadable = { schema: 1, id: idOfUnreadable, replyTo: null, items: [] } as const
  if (stored.withheld === true) return { envelope: unreadable, withheld: true }
  return { envelope: unreadable, rawBase64: stored.rawBase64 }
}

function bytesOf(queue: Queue, bytes: Uint8Array): Content {
  if (!isWrittenDown[queue.lane]) return { envelope: null, withheld: true }
  return { envelope: null, rawBase64: Buffer.from(bytes).toString('base64') }
}

function storedIn(bytes: Buffer): Stored | null {
  try {
    const stored: Stored = JSON.parse(bytes.toString('utf8'))
    return stored.schema === 1 && typeof stored.reason === 'string' ? stored : null
  } catch {
    return null
  }
}

function isMissing(error: ApiError | undefined): boolean {
  return error?.err_code === notFoundCodes.message || error?.err_code === notFoundCodes.stream
}
