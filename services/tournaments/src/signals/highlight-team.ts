import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { isRejected } from '../domain/decision.ts'
import { highlightTeam as decide } from '../domain/highlight-team.ts'
import { tournament } from '../domain/tournament.ts'

export const highlightTeam = () =>
  read(tournamentOperations.highlightTeam, async (input, caller, context) => {
    const found = await context.state(tournament, input.id)
    const highlight = decide(found?.state ?? tournament.initial(), input, caller)
    if (isRejected(highlight)) return highlight
    const { playerId, team } = highlight
    context.whisper({
      channel: `tournament:${input.id}`,
      type: 'highlights',
      key: playerId,
      value: { playerId, team },
    })
    return { kind: 'ok', body: undefined }
  })
