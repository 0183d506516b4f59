import { type Logger, pino } from 'pino'

/** Structured logs: one JSON line each. Pass each part a child that names it. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Tokens never reach a log line, whatever object is logged. */
const secretPaths = [
  'authorization',
  'token',
  'organizerToken',
  'playerToken',
  'seed',
  'password',
  '*.authorization',
  '*.token',
  '*.organizerToken',
  '*.playerToken',
  '*.seed',
  '*.password',
]

export function createLog(level: LogLevel, destination: NodeJS.WritableStream = process.stderr): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretPaths, censor: '[redacted]' },
    },
    destination,
  )
}

export const silentLog: Log = pino({ level: 'silent' })
