/**
 * Rounds in which every variant has its turn, so that whatever else the machine does falls on all of them. The order
 * turns from round to round; `warmUpRounds` before the first are not counted, for code that is not compiled yet is
 * slow. In them `round` is negative.
 */
export async function interleave<Sample>(
  rounds: number,
  variants: Readonly<Record<string, (round: number) => Promise<Sample>>>,
  warmUpRounds = 1,
): Promise<Readonly<Record<string, readonly Sample[]>>> {
  const names = Object.keys(variants)
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]))
  for (let round = -warmUpRounds; round < rounds; round++) {
    const turn = (round + warmUpRounds) % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const sample = await variants[name]!(round)
      if (round >= 0) samples.get(name)?.push(sample)
    }
  }
  return Object.fromEntries(samples)
}
