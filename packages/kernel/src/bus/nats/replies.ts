import type { ReplyEnvelope } from '../../message.ts'
import { faultReply } from '../fault-reply.ts'

/**
 * An answer as it travels: in as few messages as the broker's largest one allows. An answer to a single item that is
 * too large for it becomes a fault, so that nobody waits in vain.
 */
export function replyMessages(reply: ReplyEnvelope, bytesMax: number): readonly Buffer[] {
  const payload = Buffer.from(JSON.stringify(reply))
  if (payload.length <= bytesMax) return [payload]
  const { replies } = reply
  if (replies.length > 1) {
    const half = Math.ceil(replies.length / 2)
    const parts = [replies.slice(0, half), replies.slice(half)]
    return parts.flatMap((part) => replyMessages({ ...reply, replies: part }, bytesMax))
  }
  const refused = replies.map(({ index }) => ({ index, reply: faultReply('payload-too-large') }))
  return [Buffer.from(JSON.stringify({ ...reply, replies: refused }))]
}
