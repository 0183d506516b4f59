import { tournamentOperations } from '@matchday/contracts'
import { read } from '@matchday/kernel'
import { isRejected } from '../domain/decision.ts'
import { drawProof } from '../domain/draw-proof.ts'
import { existingTournament } from './existing-tournament.ts'

export const getDrawProof = () =>
  read(tournamentOperations.getDrawProof, async ({ id, attempt }, _caller, context) => {
    const found = await existingTournament(context, id)
    if ('kind' in found) return found
    const proof = drawProof(found.state, attempt)
    return isRejected(proof) ? proof : { kind: 'ok', body: proof }
  })
