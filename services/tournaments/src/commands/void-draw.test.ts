import { commitmentOf } from '@matchday/competition'
import { describe, expect, it } from 'vitest'
import type { TournamentEvent } from '../domain/event.ts'
import { drawAttemptsMax } from '../domain/void-draw.ts'
import { archived, created, drawn, joined, picked, seedOfAttempt, voided } from '../testing/past.ts'
import { organizer } from '../testing/people.ts'
import { codeOf, stateAfter, when } from '../testing/when.ts'

const again = { input: { reason: ' Ben was not there ' }, by: organizer }
const picks = [
  ['Ann', 'PSG'],
  ['Ben', 'Bayern'],
] as const
const ready = [
  created({ limit: 2 }),
  joined('Ann'),
  joined('Ben'),
  picked('Ann', 'PSG'),
  picked('Ben', 'Bayern'),
]
const done = [...ready, drawn(picks)]

describe('voiding the draw', () => {
  it('keeps the reason and commits to the next attempt before anybody contributes to it', async () => {
    const nextCommitment = commitmentOf(seedOfAttempt(2))
    const decision = await when(done, 'voidDraw', again)
    expect(decision).toMatchObject({
      events: [{ type: 'draw-voided', data: { attempt: 1, reason: 'Ben was not there', nextCommitment } }],
      answer: { attempt: 2, commitment: nextCommitment },
      secrets: [{ name: 'draw-seed-2', value: seedOfAttempt(2) }],
      essential: true,
    })
    expect(JSON.stringify(decision.kind === 'accepted' && decision.events)).not.toContain(seedOfAttempt(2))
  })

  it('leaves seats and picks, and starts the contributions anew', () => {
    const state = stateAfter([...done, voided()])
    expect(state).toMatchObject({
      status: 'open',
      joining: true,
      players: [
        { pick: 'PSG', seat: 1, contribution: null },
        { pick: 'Bayern', seat: 2, contribution: null },
      ],
      voided: [{ attempt: 1, voidReason: 'Ben was not there', seed: seedOfAttempt(1) }],
      draw: { attempt: 2, commitment: commitmentOf(seedOfAttempt(2)) },
    })
  })

  it('has an end', async () => {
    const past: TournamentEvent[] = [...ready]
    for (let attempt = 1; attempt < drawAttemptsMax; attempt++) {
      past.push(drawn(picks, { attempt, contributed: attempt === 1 }), voided(attempt))
    }
    past.push(drawn(picks, { attempt: drawAttemptsMax, contributed: false }))
    expect(await codeOf(when(past, 'voidDraw', again))).toBe('draw-impossible')
  })

  it('names the first rule that is broken', async () => {
    expect(await codeOf(when([], 'voidDraw', again))).toBe('not-found')
    expect(await codeOf(when([...done, archived], 'voidDraw', again))).toBe('tournament-archived')
    expect(await codeOf(when(ready, 'voidDraw', again))).toBe('not-drawn')
    expect(await codeOf(when([...done, voided()], 'voidDraw', again))).toBe('not-drawn')
  })
})
