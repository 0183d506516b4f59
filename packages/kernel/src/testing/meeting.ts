/** A place at which everybody waits until so many have come; whoever comes later waits for nobody. */
export function meetingOf(count: number): () => Promise<void> {
  let arrived = 0
  let allAreThere: () => void = () => {}
  const all = new Promise<void>((resolve) => {
    allAreThere = resolve
  })
  return () => {
    if (++arrived >= count) allAreThere()
    return all
  }
}
