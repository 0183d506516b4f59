import { faultReply, faultReplyOf } from '../bus/fault-reply.ts'
import { Fault } from '../fault.ts'
import type { Log } from '../log.ts'
import { loggableError } from '../store/database-faults.ts'
import type { AppendOutcome } from '../store/port.ts'
import type { ExecutorParts } from './executor-parts.ts'
import type { KeptAnswer, PendingCommand } from './pending-command.ts'
import { isPromise, presentAnswer } from './replies.ts'
import type { StreamDraft } from './stream-draft.ts'

/**
 * What becomes of commands after an append: each is answered, or comes again. Each of these ends a stream's
 * turn.
 */
export function finishDraft(parts: ExecutorParts, draft: StreamDraft, outcome: AppendOutcome): void {
  const { states, lanes } = parts
  const stream = draft.base.stream
  if (outcome.kind !== 'committed') states.markBehind(stream)
  switch (outcome.kind) {
    case 'committed':
      finishCommitted(parts, draft, outcome)
      lanes.release(stream, draft.rest, 0)
      return
    case 'version-conflict': {
      const again = commandsOf(draft).filter((command) => mayTryAgain(parts, command))
      lanes.release(stream, [...again, ...draft.rest], conflictDelayMs(parts, again))
      return
    }
    case 'claim-conflict':
      finishLostClaims(parts, draft, outcome.keys)
      return
    case 'answer-conflict': {
      const answered = new Set(outcome.ids)
      const again = commandsOf(draft)
      for (const command of again) if (answered.has(command.answerId)) command.maybeAnswered = true
      lanes.release(stream, [...again, ...draft.rest], 0)
      return
    }
    default:
      outcome satisfies never
  }
}

/** It is not known whether the draft was committed: the answers will tell. */
export function doubtDraft({ states, lanes }: ExecutorParts, draft: StreamDraft): void {
  states.markBehind(draft.base.stream)
  const again = commandsOf(draft)
  for (const command of again) command.maybeAnswered = true
  lanes.release(draft.base.stream, [...again, ...draft.rest], 0)
}

/** The database refused something in the draft. Which command it is shows when each comes alone. */
export function refuseDraft(parts: ExecutorParts, draft: StreamDraft, error: unknown): void {
  const commands = commandsOf(draft)
  const isFound = commands.length === 1
  for (const command of commands) {
    command.alone = true
    if (isFound) failCommand(parts.log, command, error)
  }
  parts.lanes.release(draft.base.stream, isFound ? draft.rest : [...commands, ...draft.rest], 0)
}

/** The answer is committed. */
export function answerCommand(
  parts: ExecutorParts,
  command: PendingCommand,
  kept: KeptAnswer,
  version: number,
): void {
  try {
    const { entry, item, facts } = command
    const asked = { input: item.input, facts }
    const reply = presentAnswer(entry.handler, asked, kept, version, parts.store.epoch)
    if (isPromise(reply))
      reply.then(command.settle, (error: unknown) => failCommand(parts.log, command, error))
    else command.settle(reply)
  } catch (error) {
    failCommand(parts.log, command, error)
  }
}

/** Something of ours went wrong. */
export function failCommand(log: Log, command: PendingCommand, error: unknown): void {
  const { operation, id } = command.item
  if (!(error instanceof Fault)) log.error({ ...loggableError(error), operation, id }, 'command failed')
  command.settle(faultReplyOf(error))
}

function finishCommitted(
  parts: ExecutorParts,
  draft: StreamDraft,
  outcome: { versionBefore: number; version: number },
): void {
  // After a redaction the state is computed anew, from what the events say now.
  const isWhole = outcome.versionBefore === draft.base.version && draft.append.redactions.length === 0
  if (isWhole) parts.states.put(draft.after)
  else parts.states.markBehind(draft.base.stream)
  for (const { command, kept, versionOffset } of draft.decided) {
    answerCommand(parts, command, kept, outcome.versionBefore + versionOffset)
  }
  if (outcome.version > outcome.versionBefore) {
    parts.onCommitted(outcome.versionBefore, isWhole ? draft.after : null)
  }
}

/**
 * The losers are prepared anew (a random code may have hit one that is in use); the others just come again.
 */
function finishLostClaims(parts: ExecutorParts, draft: StreamDraft, keys: readonly string[]): void {
  const losers = new Set<PendingCommand>()
  for (const key of keys) {
    const loser = draft.claimants.get(key)
    if (loser === undefined) continue
    loser.lostClaims.add(key)
    losers.add(loser)
  }
  const others = commandsOf(draft).filter((command) => !losers.has(command))
  parts.lanes.release(draft.base.stream, [...others, ...draft.rest], 0)
  for (const loser of losers) {
    // If it loses again, nobody else shall lose with it.
    loser.alone = true
    if (mayTryAgain(parts, loser)) parts.prepare(loser)
  }
}

/** Counts the conflict; when there were too many the command is given up. */
function mayTryAgain({ limits, log }: ExecutorParts, command: PendingCommand): boolean {
  command.conflicts += 1
  if (command.conflicts <= limits.conflictsMax) return true
  log.warn({ operation: command.item.operation, id: command.item.id }, 'command given up after conflicts')
  command.settle(faultReply('unavailable'))
  return false
}

/** The first retry needs only the newer state; after that others must be given way. */
function conflictDelayMs({ limits }: ExecutorParts, commands: readonly PendingCommand[]): number {
  const conflicts = Math.max(0, ...commands.map((command) => command.conflicts))
  return conflicts < 2 ? 0 : Math.random() * Math.min(limits.conflictDelayMsMax, 2 ** conflicts)
}

function commandsOf(draft: StreamDraft): PendingCommand[] {
  return draft.decided.map((decided) => decided.command)
}
