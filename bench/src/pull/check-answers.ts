export type Checked = {
  readonly requests: readonly { readonly id: string; readonly outcome: 'ok' | 'failed' }[]
  /** Answers that came, by request id. */
  readonly answers: ReadonlyMap<string, number>
}

/**
 * Every request was answered exactly once, and whatever was answered as done was done exactly once. `worked` names
 * each request as often as an instance worked on it. Throws, with the first that is wrong.
 */
export function checkAnswers({ requests, answers }: Checked, worked: readonly string[]): void {
  const works = new Map<string, number>()
  for (const id of worked) works.set(id, (works.get(id) ?? 0) + 1)
  for (const { id, outcome } of requests) {
    const [answered, done] = [answers.get(id) ?? 0, works.get(id) ?? 0]
    // Who waited in vain may have been given up before the answer came, and the answer says whether it was done.
    if (answered !== 1)
      throw new Error(`${answered} answers to one request (${outcome}), worked on ${done} times`)
    if (outcome === 'ok' ? done !== 1 : done > 1)
      throw new Error(`a request (${outcome}) was done ${done} times`)
  }
  const sent = new Set(requests.map(({ id }) => id))
  const stray = [...answers.keys(), ...works.keys()].find((id) => !sent.has(id))
  if (stray !== undefined) throw new Error(`an answer to what nobody asked: ${stray}`)
}
