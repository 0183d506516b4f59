/** What a setting's text may be. Each gives undefined for what is not. */

export function port(text: string): number | undefined {
  return whole(0, 65_535)(text)
}

export function whole(least: number, most: number) {
  return (text: string): number | undefined => {
    if (!/^\d{1,9}$/.test(text)) return undefined
    const value = Number(text)
    return value >= least && value <= most ? value : undefined
  }
}

export function url(protocols: readonly string[]) {
  return (text: string): string | undefined =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined
}

const thisMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Encrypted, but for what never leaves this machine. */
export function encryptedUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && thisMachine.test(hostname)) ? text : undefined
}

export function path(text: string): string | undefined {
  return text.length > 0 && !text.includes('\0') ? text : undefined
}

export function list(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

/** A list in which each part is good. */
export function listOf<Value>(parse: (text: string) => Value | undefined) {
  return (text: string): readonly Value[] | undefined => {
    const values = list(text).flatMap((part) => {
      const value = parse(part)
      return value === undefined ? [] : [value]
    })
    return values.length === list(text).length ? values : undefined
  }
}

export function origin(text: string): string | undefined {
  return URL.canParse(text) && new URL(text).origin === text ? text : undefined
}
