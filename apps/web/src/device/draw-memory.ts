import type { DrawMode, PlayerId, Tournament, TournamentId } from '@matchday/contracts'
import { isObject, type Stored, stored } from './storage.ts'

/** What this device saw, and added, before the draw, by attempt. Nobody can change it afterwards. */
export type DrawMemory = {
  mode: DrawMode
  /** The commitment as first seen. */
  commitments: Record<number, string>
  /** Numbers made here; usually one an attempt, two when two tabs picked at the same moment. */
  contributions: Record<number, string[]>
  playerId?: PlayerId
}

/** What the verifier of a proof is told (`Remembered` of the competition package, as far as a device knows it). */
export type RememberedDraw = {
  mode?: DrawMode
  commitment?: string
  contribution?: { playerId: PlayerId; contribution: string }
}

export function drawMemoryOf(id: TournamentId): Stored<DrawMemory> {
  return stored(`draw.${id}`, isDrawMemory)
}

/** Notes the mode and the commitment of the attempt that has not been drawn yet. The first sight counts. */
export function rememberCommitment(tournament: Tournament): void {
  const current = tournament.draws.at(-1)
  if (current?.status !== 'committed') return
  const memory = drawMemoryOf(tournament.id)
  const known = memory.fresh() ?? { mode: tournament.drawMode, commitments: {}, contributions: {} }
  if (known.commitments[current.attempt] !== undefined) return
  memory.set({ ...known, commitments: { ...known.commitments, [current.attempt]: current.commitment } })
}

/** This device's number for the attempt that comes next: the one made before, or a fresh one. */
export function contributionFor(tournament: Tournament, playerId: PlayerId): string {
  rememberCommitment(tournament)
  const attempt = tournament.draws.at(-1)?.attempt ?? 1
  const memory = drawMemoryOf(tournament.id)
  const known = memory.fresh() ?? { mode: tournament.drawMode, commitments: {}, contributions: {} }
  const sameSeat = known.playerId === playerId
  const before = sameSeat ? (known.contributions[attempt] ?? []) : []
  const last = before.at(-1)
  if (last !== undefined) return last
  const fresh = randomHex256()
  const contributions = { ...(sameSeat ? known.contributions : {}), [attempt]: [fresh] }
  memory.set({ ...known, playerId, contributions })
  return fresh
}

/** What the check of attempt `attempt` is told, in the form that the verifier takes. */
export function rememberedFor(
  memory: DrawMemory | null,
  attempt: number,
  proven: (playerId: string) => string | null,
): RememberedDraw {
  if (memory === null) return {}
  const commitment = memory.commitments[attempt]
  const made = memory.contributions[attempt] ?? []
  const { playerId } = memory
  const inProof = playerId === undefined ? null : proven(playerId)
  const own = made.find((number) => number === inProof) ?? made[0]
  return {
    mode: memory.mode,
    ...(commitment === undefined ? {} : { commitment }),
    ...(playerId === undefined || own === undefined ? {} : { contribution: { playerId, contribution: own } }),
  }
}

/** 32 random bytes as 64 hexadecimal digits; works on plain-http pages, too. */
export function randomHex256(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function isDrawMemory(value: unknown): value is DrawMemory {
  return isObject(value) && isObject(value.commitments) && isObject(value.contributions)
}
