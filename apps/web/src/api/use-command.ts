import type { OperationName, Operations, OutputOf } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import { useRef, useState } from 'preact/hooks'
import { texts } from '../i18n/language.ts'
import { api } from './api.ts'
import type { Api, CallOptions, Input } from './client.ts'
import { ApiFault, type Rejection } from './problem.ts'

export type FailureCode = Rejection['code'] | 'network'
export type Failure = { code: FailureCode; text: string; fields: Rejection['fields'] }

/** What became of a command. `unknown`: no usable answer; pressing again sends the same id. */
export type Sent<Name extends OperationName> =
  | ({ status: 'done'; value: OutputOf<Operations[Name]> } & Heard)
  | { status: 'rejected'; code: Rejection['code'] }
  | { status: 'unknown' }

/** When the answer came by this device's clock, and what the server's own clock said then (NaN: nothing). */
export type Heard = { atMs: number; saidAtMs: number }

type Unknown = { requestId: string; input: string }

/** The words for what went wrong that every phone has; codes that only accounts can meet have theirs elsewhere. */
export function failureText(code: FailureCode): string {
  const words: Partial<Record<FailureCode, string>> = texts().errors
  // A newer server may have codes that this page has no words for.
  return words[code] ?? texts().errors.internal
}

export const useCommand = commandHook(api, failureText)

/**
 * Makes the hook for the commands of one client. With it a command stands behind a button: busy while it runs, its
 * failure in words, and one id per action of the person. When the outcome is unknown and he presses again without
 * having changed anything, the same id is sent, so that nothing happens twice.
 */
export function commandHook<Known extends OperationName>(
  client: Api<Known>,
  textOf: (code: FailureCode) => string,
) {
  return function useCommandOf<Name extends Known>(name: Name) {
    const [isBusy, setBusy] = useState(false)
    const [failure, setFailure] = useState<Failure | null>(null)
    const unknown = useRef<Unknown | null>(null)
    const fail = (code: FailureCode, fields?: Rejection['fields']) =>
      setFailure({ code, text: textOf(code), fields })

    const send = async (input: Input<Name>, options: CallOptions = {}): Promise<Sent<Name>> => {
      const content = JSON.stringify(input)
      const before = unknown.current?.input === content ? unknown.current.requestId : undefined
      const requestId = options.requestId ?? before ?? newId()
      setBusy(true)
      setFailure(null)
      try {
        const answer = await client(name, input, { ...options, requestId })
        unknown.current = null
        if (answer.ok) {
          const { value, atMs, saidAtMs } = answer
          return { status: 'done', value, atMs, saidAtMs }
        }
        fail(answer.problem.code, answer.problem.fields)
        return { status: 'rejected', code: answer.problem.code }
      } catch (fault) {
        if (!(fault instanceof ApiFault)) throw fault
        unknown.current = { requestId, input: content }
        fail(fault.code)
        return { status: 'unknown' }
      } finally {
        setBusy(false)
      }
    }

    return { isBusy, failure, send, clear: () => setFailure(null) }
  }
}
