import { tournamentInternals, tournamentOperations } from '@matchday/contracts'
import { Errors } from 'typebox/value'
import type { AnyOperationName, ModelReply } from './model-system.ts'

const operations: Readonly<
  Record<string, { readonly output?: object; readonly rejections: readonly string[] }>
> = {
  ...tournamentOperations,
  ...tournamentInternals,
}
/** What the guard says, for any operation. */
const guardCodes = ['not-allowed', 'not-found', 'preview-needed', 'not-approved', 'organization-blocked']

/** Throws unless a reply is as the operation's contract says: no field more, no field less, no other code. */
export function asContracted(name: AnyOperationName, reply: ModelReply): ModelReply {
  const operation = operations[name]
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  if (reply.kind === 'rejected') {
    if (operation.rejections.includes(reply.code) || guardCodes.includes(reply.code)) return reply
    throw new Error(`${name} may not reject with ${reply.code}`)
  }
  const problems =
    operation.output === undefined
      ? reply.body === undefined
        ? []
        : ['a body where none belongs']
      : Errors(operation.output, reply.body)
  if (problems.length > 0)
    throw new Error(`${name} does not answer as contracted: ${JSON.stringify(problems)}`)
  return reply
}
