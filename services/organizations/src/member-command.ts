import {
  type InputOf,
  type Operation,
  type OrganizationId,
  type OutputOf,
  type RejectionOf,
  type TournamentId,
  tournamentInternals,
} from '@matchday/contracts'
import {
  type Command,
  type JsonObject,
  type Rejection,
  type RowCommandEntry,
  reject,
  type Transaction,
} from '@matchday/kernel'
import { isRejected } from './domain/rejected.ts'
import { type AccessCode, type Authority, admit, type MemberOperation } from './domain/standing.ts'
import { type Outcome, recordedCommand } from './recorded-command.ts'
import { type Ask, rowsOf } from './rows.ts'
import { standingOf } from './standing-of.ts'

type MemberHandler<O extends Operation> = {
  /** What is created is about this tournament, which must be one of the organisation's. */
  tournamentOf?(input: InputOf<O>): TournamentId
  run(
    transaction: Transaction,
    command: Command<InputOf<O>, unknown>,
    authority: Authority,
  ): Promise<Outcome | Rejection<RejectionOf<O>>>
  present(answer: JsonObject, version: number): OutputOf<O>
  readonly conflicts?: Readonly<Record<string, RejectionOf<O>>>
}

/** The refusal that was found before the transaction began. */
type Facts = Rejection<AccessCode> | null

/** A command inside of an organisation: who may not is refused before anything of it runs. */
export function memberCommand<const O extends MemberOperation>(
  operation: O,
  { tournamentOf, run, ...rest }: MemberHandler<O>,
): RowCommandEntry {
  return recordedCommand<O, Facts>(operation, {
    ...rest,
    async prepare(input, { caller, ask, rows }) {
      if (tournamentOf === undefined) return null
      const organizationId = organizationIn(input)
      // Nothing is asked of others for somebody who may not know the answer.
      const standing = await standingOf(rows, organizationId, caller)
      const admitted = admit(operation, organizationId, caller, standing)
      if (isRejected(admitted)) return admitted
      return (await isOwnedBy(organizationId, tournamentOf(input), ask)) ? null : reject('not-found')
    },
    stream: organizationIn,
    mayCall: () => true,
    async run(transaction, command) {
      const organizationId = organizationIn(command.input)
      const standing = await standingOf(rowsOf(transaction), organizationId, command.caller)
      const admitted = admit(operation, organizationId, command.caller, standing)
      if (isRejected(admitted)) return asRejectionOf(operation, admitted)
      if (command.facts !== null) return asRejectionOf(operation, command.facts)
      return run(transaction, command, admitted)
    },
  })
}

/** A contract leaves out those codes of access that can't be in its case, and `admit` gives none of them there. */
export function asRejectionOf<const O extends MemberOperation>(
  _operation: O,
  refusal: Rejection<AccessCode>,
): Rejection<RejectionOf<O>> {
  return refusal as Rejection<RejectionOf<O>>
}

/** Every operation for members names the organisation in its path. */
export function organizationIn(input: unknown): OrganizationId {
  return (input as { readonly organizationId: OrganizationId }).organizationId
}

async function isOwnedBy(organizationId: OrganizationId, id: TournamentId, ask: Ask): Promise<boolean> {
  const owner = await ask(tournamentInternals.getOwner, { id })
  return owner.kind === 'ok' && owner.body.organizationId === organizationId
}
