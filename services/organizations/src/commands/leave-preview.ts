import { organizationOperations } from '@matchday/contracts'
import { accountIn } from '../domain/actor.ts'
import { isOfPolicy } from '../domain/standing.ts'
import { leavePreviews, turnOf } from '../preview.ts'
import { recordedCommand } from '../recorded-command.ts'

const operation = organizationOperations.leavePreview

export const leavePreview = () =>
  recordedCommand(operation, {
    prepare: () => null,
    stream: (_input, _facts, caller) => turnOf(caller),
    mayCall: ({ caller }) => isOfPolicy(operation, caller),
    async run(transaction, { caller }) {
      const changes = await leavePreviews(transaction, accountIn(caller), null)
      return { kind: 'accepted', answer: {}, changes }
    },
    present: () => undefined,
  })
