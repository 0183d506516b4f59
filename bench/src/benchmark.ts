/** How a run is made. `quick` only shows that everything works: its figures mean nothing. */
export type Settings = {
  readonly quick: boolean
  /** The built server that is measured. */
  readonly bundle: string
  /** Another build of it, measured side by side: what did a change bring? */
  readonly against: string | undefined
  /** Where CPU profiles of the measured server are put, if anywhere. */
  readonly profileFolder: string | undefined
  /** Told what goes on, for whoever waits. */
  progress(message: string): void
}

/** A figure that was promised. `isMet` is of this run on this machine, nothing more. */
export type Goal = { readonly text: string; readonly isMet: boolean }

export type Table = {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export type Result = { readonly tables: readonly Table[]; readonly goals: readonly Goal[] }

export type Benchmark = { readonly summary: string; run(settings: Settings): Promise<Result> }
