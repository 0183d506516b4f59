import { actorOf, type Caller } from '@matchday/contracts'
import type { Append, NewAnswer, NewEvent } from '../store/port.ts'
import type { Acceptance, Claim, Decision, DomainEvent, Rejection } from './decider.ts'
import { type KeptAnswer, keptAnswer, type PendingCommand } from './pending-command.ts'
import type { StreamState } from './stream-states.ts'

/**
 * What one stream's waiting commands come to: one append for all of them. Nothing of it counts before the
 * commit.
 */
export type StreamDraft = {
  readonly base: StreamState
  readonly append: Append
  readonly decided: readonly DecidedCommand[]
  /** Claim key → the command that wants it. */
  readonly claimants: ReadonlyMap<string, PendingCommand>
  /** The state after the append, if nothing else came before it. */
  readonly after: StreamState
  /** Commands that have to wait for the commit of these. */
  readonly rest: readonly PendingCommand[]
}

export type DecidedCommand = {
  readonly command: PendingCommand
  readonly kept: KeptAnswer
  readonly versionOffset: number
}

/**
 * Decides a stream's commands one after the other, each on the state that the one before it left.
 * `fail` is told of a command whose decision threw; the others go on.
 */
export function draftStream(
  base: StreamState,
  commands: readonly PendingCommand[],
  now: string,
  fail: (command: PendingCommand, error: unknown) => void,
): StreamDraft {
  const draft = emptyDraft(base)
  let index = 0
  for (; index < commands.length; index++) {
    const command = commands[index]!
    if (command.alone && draft.decided.length > 0) break
    // What is prepared from secrets must see those of the commands before it.
    if (command.readsSecrets && draft.secrets.size > 0) break
    try {
      const decision = decide(draft, command, now)
      if (sharesKey(draft, decision)) break
      if (forgets(decision) && draft.decided.length > 0) break
      take(draft, command, decision, now)
    } catch (error) {
      fail(command, error)
      continue
    }
    // What is prepared or decided after something was taken back must see that first; so must nobody fail with a
    // lonely one.
    if (command.alone || draft.forgottenSecrets.length > 0 || draft.redactions.length > 0) {
      index += 1
      break
    }
  }
  return finished(draft, commands.slice(index))
}

type OpenDraft = {
  base: StreamState
  state: StreamState['state']
  events: NewEvent[]
  fenceOffset: number
  needsVersion: boolean
  touched: Set<string>
  claimants: Map<string, PendingCommand>
  releases: string[]
  /** The last value of each name. */
  secrets: Map<string, string>
  forgottenSecrets: readonly string[]
  redactions: Append['redactions']
  answers: NewAnswer[]
  decided: DecidedCommand[]
}

function emptyDraft(base: StreamState): OpenDraft {
  return {
    base,
    state: base.state,
    events: [],
    fenceOffset: 0,
    needsVersion: false,
    touched: new Set(),
    claimants: new Map(),
    releases: [],
    secrets: new Map(),
    forgottenSecrets: nothing,
    redactions: nothing,
    answers: [],
    decided: [],
  }
}
const nothing: readonly never[] = []

/** What takes something back comes alone: what it takes back may be in what waits with it. */
function forgets(decision: Decision<DomainEvent>): boolean {
  if (decision.kind === 'rejected') return false
  return (decision.forgottenSecrets ?? nothing).length > 0 || (decision.redactions ?? nothing).length > 0
}

function decide(draft: OpenDraft, command: PendingCommand, now: string): Decision<DomainEvent> {
  const { item, entry, facts } = command
  const version = draft.base.version + draft.events.length
  const decision = entry.handler.decide(
    draft.state,
    { input: item.input, caller: item.caller, now, expectedVersion: item.expectedVersion, facts },
    { version },
  )
  return decision.kind === 'accepted' ? (lostTo(decision, command) ?? decision) : decision
}

/**
 * Held by another stream when this command last tried: the state can't know, so the claim says what that
 * means.
 */
function lostTo(decision: Acceptance<DomainEvent>, command: PendingCommand): Rejection | undefined {
  if (command.lostClaims.size === 0) return undefined
  for (const claim of decision.claims ?? []) {
    if (typeof claim !== 'string' && command.lostClaims.has(claim.key)) {
      return { kind: 'rejected', code: claim.otherwise }
    }
  }
  return undefined
}

/** Releases come before claims in an append, so a key can have only one story in it. */
function sharesKey(draft: OpenDraft, decision: Decision<DomainEvent>): boolean {
  if (decision.kind === 'rejected' || draft.touched.size === 0) return false
  return (
    (decision.releases ?? []).some((key) => draft.touched.has(key)) ||
    (decision.claims ?? []).some((claim) => draft.touched.has(keyOf(claim)))
  )
}

function take(draft: OpenDraft, command: PendingCommand, decision: Decision<DomainEvent>, now: string): void {
  if (decision.kind === 'accepted') takeEffects(draft, command, decision, now)
  // That there is nothing to do, or that it must not be done, is only right if nothing happened since.
  else draft.needsVersion = true
  const kept: KeptAnswer = decision.kind === 'accepted' ? { ok: decision.answer } : { rejected: decision }
  const versionOffset = draft.events.length
  draft.decided.push({ command, kept, versionOffset })
  draft.answers.push({
    id: command.answerId,
    fingerprint: command.fingerprint,
    answer: keptAnswer(kept),
    versionOffset,
  })
}

function takeEffects(
  draft: OpenDraft,
  command: PendingCommand,
  decision: Acceptance<DomainEvent>,
  now: string,
): void {
  const { stream, decider, version: baseVersion } = draft.base
  // `evolve` may throw: the draft changes only when the whole decision is in.
  let state = draft.state
  decision.events.forEach((event, index) => {
    const version = baseVersion + draft.events.length + index + 1
    state = decider.evolve(state, event, { stream, version, at: now })
  })
  draft.state = state
  addEvents(draft, decision, command.item.caller, now)
  // Its versions are those of the state that was decided on.
  const redacts = decision.redactions !== undefined && decision.redactions.length > 0
  if (decision.events.length === 0 || decision.basis !== 'fence' || redacts) draft.needsVersion = true
  // What others decide on the state before a redaction may repeat what is taken back.
  if ((decision.essential || redacts) && decision.events.length > 0) draft.fenceOffset = draft.events.length
  for (const key of decision.releases ?? []) {
    draft.touched.add(key)
    draft.releases.push(key)
  }
  for (const claim of decision.claims ?? []) {
    draft.touched.add(keyOf(claim))
    draft.claimants.set(keyOf(claim), command)
  }
  for (const { name, value } of decision.secrets ?? []) draft.secrets.set(name, value)
  // What takes something back comes alone, so there is nothing of another command yet.
  draft.forgottenSecrets = decision.forgottenSecrets ?? nothing
  draft.redactions = decision.redactions ?? nothing
}

function addEvents(
  draft: OpenDraft,
  { events, takes = nothing }: Acceptance<DomainEvent>,
  caller: Caller,
  at: string,
): void {
  const by = caller.kind
  const actor = actorOf(caller)
  events.forEach(({ type, data }, index) => {
    // All of a decision is committed or nothing is: one of its events may say what it takes.
    const taken = index === 0 ? takes : nothing
    draft.events.push(
      actor === null ? { type, data, at, by, takes: taken } : { type, data, at, by, actor, takes: taken },
    )
  })
}

function finished(draft: OpenDraft, rest: readonly PendingCommand[]): StreamDraft {
  const { base, events, answers, decided, claimants } = draft
  const { stream, decider, redactions } = base
  return {
    base,
    append: {
      stream,
      expected: draft.needsVersion ? { version: base.version } : { fence: base.version },
      events,
      fenceOffset: draft.fenceOffset,
      claims: [...claimants.keys()],
      releases: draft.releases,
      secrets: Array.from(draft.secrets, ([name, value]) => ({ name, value })),
      forgottenSecrets: draft.forgottenSecrets,
      redactions: draft.redactions,
      answers,
    },
    decided,
    claimants,
    after: { stream, decider, state: draft.state, version: base.version + events.length, redactions },
    rest,
  }
}

function keyOf(claim: Claim): string {
  return typeof claim === 'string' ? claim : claim.key
}
