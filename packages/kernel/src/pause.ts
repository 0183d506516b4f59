/** A wait that can be cut short. */
export class Pause {
  private end: (() => void) | null = null

  /** Resolves after `waitMs`, or as soon as it is interrupted. */
  async of(waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.end = resolve
      timer = setTimeout(resolve, waitMs)
    })
    clearTimeout(timer)
    this.end = null
  }

  /** Ends the wait; does nothing when there is none. */
  interrupt(): void {
    this.end?.()
  }
}
