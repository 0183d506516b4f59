import type { Tournament } from '@matchday/contracts'
import type { Publication } from './publication.ts'
import { applyPublication } from './tournament-reducer.ts'

/** Publications kept while a gap is being closed. More than this, and a snapshot is cheaper than what was kept. */
const waitingMax = 256

/** What a page knows: the newest state, and publications that came before the ones in front of them. */
export type Feed = { tournament: Tournament | null; waiting: readonly Publication[] }

export type FeedStep = {
  feed: Feed
  /** The publications that changed the state just now, in order. */
  applied: readonly Publication[]
  /** Something is missing: fetch a snapshot. */
  behind: boolean
}

export const emptyFeed: Feed = { tournament: null, waiting: [] }

/**
 * A snapshot replaces an older state, or an equally old one (it knows names that events don't tell), and lets waiting
 * publications follow; an older one is ignored, unless `replaces` says that history was restored and versions start
 * over.
 */
export function receiveSnapshot(feed: Feed, snapshot: Tournament, replaces = false): FeedStep {
  if (replaces) return advance({ tournament: snapshot, waiting: [] })
  const isGood = feed.tournament === null || snapshot.version >= feed.tournament.version
  return advance(isGood ? { ...feed, tournament: snapshot } : feed)
}

/** Applies the publication if it is the next one; an old one is ignored, a later one waits. */
export function receivePublication(feed: Feed, publication: Publication): FeedStep {
  const waiting = feed.waiting.length >= waitingMax ? [publication] : [...feed.waiting, publication]
  return advance({ ...feed, waiting })
}

function advance(feed: Feed): FeedStep {
  if (feed.tournament === null) return { feed, applied: [], behind: feed.waiting.length > 0 }
  let tournament = feed.tournament
  const applied: Publication[] = []
  const waiting: Publication[] = []
  for (const publication of [...feed.waiting].sort((left, right) => left.version - right.version)) {
    if (publication.version <= tournament.version) continue
    if (publication.version === tournament.version + 1) {
      tournament = applyPublication(tournament, publication)
      applied.push(publication)
    } else waiting.push(publication)
  }
  return { feed: { tournament, waiting }, applied, behind: waiting.length > 0 }
}
