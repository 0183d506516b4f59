import type { EventMessage } from '@matchday/kernel'
import type { LiveLimits } from './limits.ts'

/** `text` is the publication's JSON. Version 0: fleeting, without an offset, for whoever is there. */
export type Publication = { readonly version: number; readonly text: string }

export function publicationOf({ data, type, version, at }: EventMessage): Publication {
  const text = JSON.stringify({ ...data, type, version, at })
  return { version, text: `{"offset":${version},"data":${text}}` }
}

/** The latest publications of a channel, of consecutive versions, for those who come back. */
export class RecentPast {
  #publications: Publication[] = []
  #length = 0
  readonly #limits: LiveLimits

  constructor(limits: LiveLimits) {
    this.#limits = limits
  }

  /** In characters. */
  get length(): number {
    return this.#length
  }

  get firstVersion(): number | undefined {
    return this.#publications[0]?.version
  }

  push(publication: Publication): void {
    this.#publications.push(publication)
    this.#length += publication.text.length
    this.#trim()
  }

  /** `earlier` end just before the first that is here. */
  prepend(earlier: readonly Publication[]): void {
    this.#publications = [...earlier, ...this.#publications]
    for (const { text } of earlier) this.#length += text.length
    this.#trim()
  }

  clear(): void {
    this.#publications = []
    this.#length = 0
  }

  /** Those after a version, as JSON; only when they reach back to it. */
  after(version: number): string[] {
    const first = this.firstVersion
    if (first === undefined) return []
    return this.#publications.slice(Math.max(0, version + 1 - first)).map(({ text }) => text)
  }

  #trim(): void {
    const { ringPublicationsMax, ringLengthMax } = this.#limits
    while (this.#publications.length > ringPublicationsMax || this.#length > ringLengthMax) {
      this.#length -= this.#publications.shift()?.text.length ?? 0
    }
  }
}
