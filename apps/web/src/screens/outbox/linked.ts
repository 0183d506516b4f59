type Piece = { text: string; href: string | null }

const address = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g

/**
 * A mail's text in pieces, its addresses as links. They name the address that phones know this server by; on the
 * server's own computer they lead to the page that is open, for that one is sure to be there.
 */
export function linked(text: string, origin: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    pieces.push({ text: text.slice(from, match.index), href: null })
    const { pathname, search, hash } = new URL(match[0])
    pieces.push({ text: match[0], href: origin + pathname + search + hash })
    from = match.index + match[0].length
  }
  pieces.push({ text: text.slice(from), href: null })
  return pieces.filter((piece) => piece.text !== '')
}
