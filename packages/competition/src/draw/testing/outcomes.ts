/** All orders of these teams that differ, in words; by listing them, without any formula. */
export function allOutcomes(teams: readonly string[]): string[] {
  if (teams.length === 0) return ['']
  return [...new Set(teams)].flatMap((team) =>
    allOutcomes(teams.toSpliced(teams.indexOf(team), 1)).map((rest) => team + rest),
  )
}

/** Those in which nobody gets the team that he picked. Teams have names of one letter. */
export function allDerangements(picks: readonly string[]): string[] {
  return allOutcomes(picks).filter((outcome) => picks.every((pick, index) => pick !== outcome[index]))
}
