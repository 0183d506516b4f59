/** Formatting for one language. Made once per language: the `Intl` objects are slow to build. */
export function formatFor(locale: string) {
  const numbers = new Intl.NumberFormat(locale)
  const rules = new Intl.PluralRules(locale)
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    number: (value: number) => numbers.format(value),
    /** `3 seats`: the number and the word in the form that goes with it. */
    count: (value: number, words: { one: string; other: string }) =>
      `${numbers.format(value)} ${words[rules.select(value) === 'one' ? 'one' : 'other']}`,
    /** `12:03:10` */
    clock: (atMs: number) => clock.format(atMs),
    list: (items: readonly string[]) => lists.format(items),
  }
}
