import type { Tournament } from '@matchday/contracts'

type Place = { origin: string; hostname: string }

/** The address to join at, as a link and as short text to type. */
export function joinAddress(tournament: Tournament, place: Place): { url: string; shown: string } {
  const url = new URL(tournament.joinUrl, place.origin)
  return { url: url.href, shown: `${url.host}/j` }
}

/**
 * An address of this app that other devices can reach. The organiser's laptop calls itself localhost, which leads a
 * phone to itself; the join address that the server gives is the one of the local network.
 */
export function publicAddress(path: string, tournament: Tournament, place: Place): string {
  const isOwnLoop = /^(localhost|127\.|\[?::1)/.test(place.hostname)
  const origin = isOwnLoop ? new URL(tournament.joinUrl, place.origin).origin : place.origin
  return new URL(path, origin).href
}
