import { installPeer } from '../peer.ts'
import { startWorker, type Worker } from '../worker.ts'
import type { LoopReport } from './closed-loop.ts'
import type { EmmettQuestion } from './emmett-worker.ts'

/** Emmett in a process of its own; a sentence when it can't be had. */
export async function startEmmett(): Promise<
  { worker: Worker<EmmettQuestion, LoopReport | null>; version: string; folder: string } | { missing: string }
> {
  const peer = await installPeer('emmett', '@event-driven-io/emmett-postgresql')
  return 'missing' in peer ? peer : { ...peer, worker: startWorker('emmett-worker') }
}
