import type { Realm } from '@matchday/contracts/roles'
import { sessionOf } from '../../session/sessions.ts'

/** Where the service worker keeps answers for a page without a network (service-worker.ts). */
const answersCache = 'matchday-answers'

/** Leaves nothing of the account on this device, in any tab. Seats and tournaments of the device itself stay. */
export async function forgetSession(realm: Realm): Promise<void> {
  sessionOf[realm].end()
  try {
    if ('caches' in globalThis) await caches.delete(answersCache)
  } catch {
    // Storage is forbidden: then nothing was kept either.
  }
}
