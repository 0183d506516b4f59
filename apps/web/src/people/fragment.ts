import { useEffect, useState } from 'preact/hooks'

/** As in the contracts: 256 random bits in base64url, with what they belong to in front. */
const oneTimeToken = /^[A-Za-z0-9._~-]{20,200}$/

/**
 * The token that a link carries behind its hash, where no server and no log sees it. It is taken out of the address
 * bar at once, so that it stays in no history and on nobody's picture of the screen.
 */
export function useFragmentToken(): string | null {
  const [token] = useState(() => tokenFrom(location.hash))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return token
}

export function tokenFrom(hash: string): string | null {
  const text = hash.replace(/^#/, '')
  return oneTimeToken.test(text) ? text : null
}
