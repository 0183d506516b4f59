import { faultReply } from '../bus/fault-reply.ts'
import { isoTime } from '../clock.ts'
import type { ExecutorParts } from './executor-parts.ts'
import type { StreamWork } from './lanes.ts'
import { answerCommand, failCommand } from './outcomes.ts'
import { type PendingCommand, readKeptAnswer } from './pending-command.ts'
import { prepareCommand } from './prepare-command.ts'
import { requestIdReused } from './replies.ts'
import { draftStream, type StreamDraft } from './stream-draft.ts'

/** 1: drops what nobody waits for any more. */
export function dropExpired(parts: ExecutorParts, work: readonly StreamWork[]): readonly StreamWork[] {
  const now = parts.clock.now()
  return withOnly(work, (command) => {
    if (command.item.deadlineAt > now) return true
    command.settle(faultReply(command.maybeAnswered ? 'unavailable' : 'timed-out'))
    return false
  })
}

/**
 * 2: answers what an earlier try, another delivery or another instance may have done already.
 * Throws Fault `unavailable`; then nothing has changed.
 */
export async function answerKnown(
  parts: ExecutorParts,
  work: readonly StreamWork[],
): Promise<readonly StreamWork[]> {
  const doubtful = work.flatMap(({ commands }) => commands.filter((command) => command.maybeAnswered))
  if (doubtful.length === 0) return work
  const answers = await parts.store.answers(doubtful.map((command) => command.answerId))
  for (const command of doubtful) {
    // A commit in doubt may still come after this look; the append will then find the answer.
    command.maybeAnswered = false
    const answer = answers.get(command.answerId)
    if (answer === undefined) continue
    if (answer.fingerprint !== command.fingerprint) command.settle(requestIdReused)
    else answerCommand(parts, command, readKeptAnswer(answer.answer), answer.version)
  }
  return withOnly(work, (command) => !answers.has(command.answerId))
}

/**
 * 3 loads states, 4 prepares anew what depends on them, 5 decides. One draft for each stream, or the stream
 * is released. Throws Fault `unavailable`; then nothing has changed.
 */
export async function decideWork(
  parts: ExecutorParts,
  work: readonly StreamWork[],
): Promise<readonly StreamDraft[]> {
  const wanted = work.filter(({ commands }) => commands.length > 0)
  const states = await parts.states.known(
    wanted.map(({ stream, commands }) => ({ stream, decider: commands[0]!.entry.handler.decider })),
  )
  const failed = await prepareDated(parts, work)
  const now = isoTime(parts.clock)
  const drafts: StreamDraft[] = []
  for (const { stream, commands } of dropExpired(
    parts,
    withOnly(work, (command) => !failed.has(command)),
  )) {
    const state = states.get(stream)
    if (state === undefined || state instanceof Error) {
      for (const command of commands) failCommand(parts.log, command, state)
      parts.lanes.release(stream, [], 0)
    } else {
      drafts.push(
        draftStream(state, commands, now, (command, error) => failCommand(parts.log, command, error)),
      )
    }
  }
  return drafts
}

/** 4: secrets must be as new as the state that is decided on (if they are newer, the append notices). */
async function prepareDated(
  parts: ExecutorParts,
  work: readonly StreamWork[],
): Promise<ReadonlySet<PendingCommand>> {
  const failed = new Set<PendingCommand>()
  const again = async (stream: string, command: PendingCommand): Promise<void> => {
    try {
      await prepareCommand(command, parts.means)
      if (command.stream !== stream) throw new Error(`${command.item.operation} has changed its stream`)
    } catch (error) {
      failed.add(command)
      failCommand(parts.log, command, error)
    }
  }
  await Promise.all(
    work.flatMap(({ stream, commands }) =>
      commands.filter((command) => command.readsSecrets).map((command) => again(stream, command)),
    ),
  )
  return failed
}

function withOnly(
  work: readonly StreamWork[],
  keep: (command: PendingCommand) => boolean,
): readonly StreamWork[] {
  return work.map(({ stream, commands }) => ({ stream, commands: commands.filter(keep) }))
}
