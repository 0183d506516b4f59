/** A network that is down for a moment comes back within these tries, or it takes longer than anybody waits. */
const triesMax = 3
const pauseMs = 800

/** Loads a chunk, up to three times. Throws what the last try threw. */
export async function loadAgain<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  for (let tried = 1; ; tried++) {
    try {
      return await load()
    } catch (fault) {
      if (tried >= triesMax) throw fault
      await new Promise((done) => setTimeout(done, pauseMs))
    }
  }
}
