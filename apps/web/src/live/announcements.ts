import type { Tournament } from '@matchday/contracts'
import { useEffect } from 'preact/hooks'
import { announce } from '../components/Announcer.tsx'
import { fullName } from '../components/player-name.ts'
import type { Catalogue } from '../i18n/en.ts'
import { texts } from '../i18n/language.ts'
import type { Publication, PublicationOf } from './publication.ts'
import type { TournamentStore } from './tournament-store.ts'

/** Nobody can listen to fifty people joining one by one: what happens within this is told together. */
const togetherMs = 2_000
/** Names told one by one; more than this become a number. */
const namesMax = 3

/** What happened, in a sentence or a few, for people who listen to the page. */
export function told(happened: readonly Publication[], tournament: Tournament, words: Catalogue): string {
  const joined = happened.filter(isType('player-joined'))
  const picked = happened.filter(isType('team-picked'))
  const removed = happened.filter(isType('player-removed'))
  const sentences: string[] = []
  if (joined.length > 0) {
    const names = joined.slice(0, namesMax).map(fullName)
    if (joined.length > namesMax) names.push(words.host.andMore(joined.length - namesMax))
    sentences.push(words.live.joined(names, tournament.seatsLeft))
  }
  if (picked.length > namesMax) sentences.push(words.live.pickedMany(picked.length))
  else for (const event of picked) sentences.push(words.live.picked(nameOf(tournament, event), event.team))
  if (removed.length > 0) sentences.push(words.live.removed(removed.length))
  if (happened.some(isType('teams-drawn'))) sentences.push(words.live.drawn)
  if (happened.some(isType('draw-voided'))) sentences.push(words.live.voided)
  return sentences.join(' ')
}

function isType<Type extends Publication['type']>(type: Type) {
  return (publication: Publication): publication is PublicationOf<Type> => publication.type === type
}

function nameOf(tournament: Tournament, event: PublicationOf<'team-picked'>): string {
  const player = tournament.players.find(({ id }) => id === event.playerId)
  return player ? fullName(player) : ''
}

/** Tells what happens to the tournament, politely. */
export function useAnnouncements(store: TournamentStore): void {
  useEffect(() => {
    let happened: Publication[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.onPublication((publication) => {
      happened.push(publication)
      timer ??= setTimeout(() => {
        timer = undefined
        const tournament = store.tournament.peek()
        if (tournament) announce(told(happened, tournament, texts()))
        happened = []
      }, togetherMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store])
}
