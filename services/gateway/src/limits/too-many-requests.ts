import { Fault } from '@matchday/kernel'

/** Somebody has to wait; thrown where an answer can't be returned. */
export class TooManyRequests extends Fault {
  readonly retryAfterS: number

  constructor(retryAfterS: number) {
    super('too-many-requests', 'Too many requests.', { retryable: true })
    this.retryAfterS = retryAfterS
  }
}
