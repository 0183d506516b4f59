import type { EventMessage } from '@matchday/kernel'

/** One tournament, which everybody watches. */
export const stream = '0199d3c4-7d63-7c8c-9d3e-5b0f1f3a2b4c'
export const channel = `tournament:${stream}`
export const epoch = '5a8e1a52-26c4-4d3a-9d3b-0d4f7a1c2e3f'

const sentAtKey = '"sentAtMs":'

/** Milliseconds on the clock that all processes of a machine share. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}

/** What a pick says, and when it was said. */
export function pickEvent(version: number): EventMessage {
  const data = {
    playerId: '0199d3c4-7d63-7c8c-9d3e-5b0f1f3a2b4d',
    team: 'Switzerland',
    contribution: 'c0ffee00'.repeat(8),
    sentAtMs: sharedMs(),
  }
  return {
    service: 'tournaments',
    stream,
    version,
    type: 'team-picked',
    data,
    at: '2026-01-01T20:00:00.000Z',
    epoch,
  }
}

export function sentAtOf(text: string): number {
  return Number.parseFloat(text.slice(text.indexOf(sentAtKey) + sentAtKey.length))
}

/** The protocol's line for an event, as the edge writes it. */
export function lineOf({ data, type, version, at }: EventMessage): string {
  const pub = { offset: version, data: { ...data, type, version, at } }
  return JSON.stringify({ push: { channel, pub } })
}
