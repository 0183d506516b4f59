import type { Operations, OutputOf } from '@matchday/contracts'
import { newId } from '@matchday/contracts/ids'
import type { OperationName } from '@matchday/contracts/routes'
import { useRef, useState } from 'preact/hooks'
import { texts } from '../i18n/language.ts'
import { api } from './api.ts'
import type { CallOptions, Input } from './client.ts'
import { ApiFault, type Rejection } from './problem.ts'

export type Failure = { code: Rejection['code'] | 'network'; text: string; fields: Rejection['fields'] }

/** What became of a command. `unknown`: no usable answer; pressing again sends the same id. */
export type Sent<Name extends OperationName> =
  | { status: 'done'; value: OutputOf<Operations[Name]> }
  | { status: 'rejected'; code: Rejection['code'] }
  | { status: 'unknown' }

type Unknown = { requestId: string; input: string }

/**
 * A command behind a button: busy while it runs, its failure in words, and one id per action of the person. When
 * the outcome is unknown and he presses again without having changed anything, the same id is sent, so that nothing
 * happens twice.
 */
export function useCommand<Name extends OperationName>(name: Name) {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const unknown = useRef<Unknown | null>(null)

  const send = async (input: Input<Name>, options: CallOptions = {}): Promise<Sent<Name>> => {
    const content = JSON.stringify(input)
    const before = unknown.current?.input === content ? unknown.current.requestId : undefined
    const requestId = options.requestId ?? before ?? newId()
    setBusy(true)
    setFailure(null)
    try {
      const answer = await api(name, input, { ...options, requestId })
      unknown.current = null
      if (answer.ok) return { status: 'done', value: answer.value }
      setFailure(asFailure(answer.problem.code, answer.problem.fields))
      return { status: 'rejected', code: answer.problem.code }
    } catch (fault) {
      if (!(fault instanceof ApiFault)) throw fault
      unknown.current = { requestId, input: content }
      setFailure(asFailure(fault.code, undefined))
      return { status: 'unknown' }
    } finally {
      setBusy(false)
    }
  }

  return { isBusy, failure, send, clear: () => setFailure(null) }
}

function asFailure(code: Failure['code'], fields: Rejection['fields']): Failure {
  // A newer server may have codes that this page has no words for.
  return { code, text: texts().errors[code] ?? texts().errors.internal, fields }
}
