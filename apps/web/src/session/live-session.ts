import type { TournamentOptions } from '../live/use-tournament.ts'
import { staff } from './sessions.ts'

/** A tournament as somebody who is signed in sees it: his cookie is good when it is asked for, and listened to. */
export const liveSession: TournamentOptions = {
  api: staff.call,
  freshen: () => staff.freshen(),
}
