/**
 * Something outside the program's control went wrong: a disk, a network, a database, the machine's set-up.
 * `code` is stable and public, the text is not. `retryable` says that the same call may succeed later.
 * `hint` tells the operator what to do, in a sentence.
 */
export class Fault extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly hint: string | undefined

  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.retryable = options.retryable ?? false
    this.hint = options.hint
  }
}
