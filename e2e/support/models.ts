import type { Model } from '@matchday/testkit'

/**
 * What a single thread would answer, for each thing that clients race for. An output is `ok`, what was answered, or the
 * code of a rejection.
 */

/** A team of a tournament with unique picks. */
export type TeamInput =
  | { op: 'pick' | 'remove'; player: string }
  /** Who holds it, as the list of teams shows it. */
  | { op: 'read' }
export const nobody = 'nobody'
export const teamModel: Model<{ holder: string; removed: readonly string[] }, TeamInput, string> = {
  initial: { holder: nobody, removed: [] },
  readsOnly: (input, output) => input.op === 'read' || output !== 'ok',
  key: ({ holder, removed }) => `${holder} ${removed.join()}`,
  step(state, input, output) {
    const { holder, removed } = state
    if (input.op === 'read') return output === holder ? state : null
    const { op, player } = input
    if (removed.includes(player)) return output === 'not-a-player' ? state : null
    if (op === 'remove') {
      const left = holder === player ? nobody : holder
      return output === 'ok' ? { holder: left, removed: [...removed, player].sort() } : null
    }
    const mayHold = holder === nobody || holder === player
    if (output === 'ok') return mayHold ? { holder: player, removed } : null
    return output === 'team-taken' && !mayHold ? state : null
  },
}

/** The seats of a tournament. */
export type SeatInput =
  | { op: 'join' | 'leave'; name: string }
  /** How many are left. */
  | { op: 'read' }
export function seatModel(limit: number): Model<readonly string[], SeatInput, string> {
  return {
    initial: [],
    readsOnly: (input, output) => input.op === 'read' || output !== 'ok',
    key: (players) => players.join(),
    step(players, input, output) {
      if (input.op === 'read') return output === String(limit - players.length) ? players : null
      const isIn = players.includes(input.name)
      if (input.op === 'leave') {
        return output === 'ok' && isIn ? players.filter((name) => name !== input.name) : null
      }
      if (isIn) return output === 'player-exists' ? players : null
      if (players.length >= limit) return output === 'tournament-full' ? players : null
      return output === 'ok' ? [...players, input.name].sort() : null
    },
  }
}

/** The draw of a tournament whose joining is locked and in which everybody has picked. */
export type DrawInput = { op: 'draw' | 'void' | 'remove' }
/** `assignments`: what was answered, as text. */
export type DrawOutput =
  | { kind: 'drawn'; attempt: number; assignments: string; players: number }
  | { kind: 'voided'; nextAttempt: number }
  | { kind: 'removed' | 'already-drawn' | 'not-drawn' }
type DrawState = { attempt: number; drawn: string; players: number }
export function drawModel(players: number): Model<DrawState, DrawInput, DrawOutput> {
  return {
    initial: { attempt: 1, drawn: '', players },
    key: ({ attempt, drawn, players: left }) => `${attempt} ${left} ${drawn}`,
    readsOnly: (_input, { kind }) => kind === 'already-drawn' || kind === 'not-drawn',
    step(state, input, output) {
      if (output === undefined) return null
      const { attempt, drawn } = state
      switch (input.op) {
        case 'draw': {
          if (output.kind !== 'drawn' || output.attempt !== attempt || output.players !== state.players)
            return null
          if (drawn !== '') return drawn === output.assignments ? state : null
          return { ...state, drawn: output.assignments }
        }
        case 'void':
          if (drawn === '') return output.kind === 'not-drawn' ? state : null
          if (output.kind !== 'voided' || output.nextAttempt !== attempt + 1) return null
          return { ...state, attempt: attempt + 1, drawn: '' }
        case 'remove':
          if (drawn !== '') return output.kind === 'already-drawn' ? state : null
          return output.kind === 'removed' ? { ...state, players: state.players - 1 } : null
        default:
          return input.op satisfies never
      }
    },
  }
}

/** A name that tournaments want: by being created with it, or by being renamed to it. */
export type NameInput = { op: 'take' } | { op: 'archive'; id: string }
/** Whose it is now, or the code of a rejection. */
export const nameModel: Model<string, NameInput, string> = {
  initial: nobody,
  key: (holder) => holder,
  readsOnly: (_input, output) => output === 'name-taken',
  step(holder, input, output) {
    if (output === undefined) return null
    if (input.op === 'archive') return output === 'ok' ? (holder === input.id ? nobody : holder) : null
    if (output === 'name-taken') return holder === nobody ? null : holder
    return holder === nobody ? output : null
  },
}
