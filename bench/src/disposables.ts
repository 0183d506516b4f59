/** Things that go together: disposed of in the reverse order, unless somebody keeps them. */
export class Disposables implements AsyncDisposable {
  private kept: AsyncDisposable[] = []

  use<Thing extends AsyncDisposable>(thing: Thing): Thing {
    this.kept.push(thing)
    return thing
  }

  /** From now on they are the answer's. */
  move(): Disposables {
    const moved = new Disposables()
    moved.kept = this.kept
    this.kept = []
    return moved
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let thing = this.kept.pop(); thing !== undefined; thing = this.kept.pop())
      await thing[Symbol.asyncDispose]()
  }
}
