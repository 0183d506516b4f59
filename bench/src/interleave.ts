/**
 * Rounds in which every variant has its turn, so that whatever else the machine does falls on all of them. The order
 * turns from round to round; one round before the first is not counted, for code that runs the first time is slow.
 */
export async function interleave<Sample>(
  rounds: number,
  variants: Readonly<Record<string, (round: number) => Promise<Sample>>>,
): Promise<Readonly<Record<string, readonly Sample[]>>> {
  const names = Object.keys(variants)
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    const turn = (round + names.length) % names.length
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const sample = await variants[name]!(round)
      if (round >= 0) samples.get(name)?.push(sample)
    }
  }
  return Object.fromEntries(samples)
}
