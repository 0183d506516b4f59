import { tournamentOperations } from '@matchday/contracts'
import { command } from '@matchday/kernel'
import type { CompleteTournamentsConfig } from '../config.ts'
import { tournament } from '../domain/tournament.ts'
import { voidDraw as decide, type VoidAnswer } from '../domain/void-draw.ts'

export const voidDraw = ({ randomHex256 }: Pick<CompleteTournamentsConfig, 'randomHex256'>) =>
  command(tournamentOperations.voidDraw, {
    decider: tournament,
    prepare: () => ({ nextSeed: randomHex256() }),
    stream: ({ id }) => id,
    decide: (state, { input, facts }) => decide(state, input, facts.nextSeed),
    present: (answer: VoidAnswer, version) => ({ ...answer, version }),
  })
