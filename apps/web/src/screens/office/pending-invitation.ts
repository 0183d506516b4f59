import { isObject, stored } from '../../device/storage.ts'

/**
 * An invitation that was opened on this device and not accepted yet: whoever has to make an account first, and look
 * into his mail for it, finds it again afterwards.
 */
export type KeptInvitation = { token: string; untilMs: number }

const kept = stored('invitation', isKeptInvitation)

export function keepInvitation(token: string, expiresAt: string): void {
  kept.set({ token, untilMs: Date.parse(expiresAt) })
}

export function forgetInvitation(): void {
  kept.set(null)
}

export function keptInvitation(nowMs: number): string | null {
  const invitation = kept.value.value
  return invitation !== null && invitation.untilMs > nowMs ? invitation.token : null
}

function isKeptInvitation(value: unknown): value is KeptInvitation {
  return isObject(value) && typeof value.token === 'string' && typeof value.untilMs === 'number'
}
