/** First in, first out, both ends in constant time (`Array.shift` moves all that is left). */
export class Fifo<T> {
  private items: T[] = []
  private head = 0

  get length(): number {
    return this.items.length - this.head
  }

  push(item: T): void {
    this.items.push(item)
  }

  shift(): T | undefined {
    if (this.head === this.items.length) return undefined
    const item = this.items[this.head]
    this.head++
    if (this.head === this.items.length) {
      this.items.length = 0
      this.head = 0
    } else if (this.head > this.items.length / 2) {
      // More than half is gone: moving the rest to the front costs each item one move on average.
      this.items = this.items.slice(this.head)
      this.head = 0
    }
    return item
  }
}
