import { Fault } from '@matchday/kernel'
import type { Config } from './config.ts'

/** What the system says about an address that can't be listened on, in words that help. */
export function asListenFault(error: unknown, config: Config): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const place = `${config.host}:${config.port}`
  switch (code) {
    case 'EADDRINUSE':
      return new Fault('address-in-use', `Something else listens on ${place} already.`, {
        hint: 'Give another port: --port 3001, or MATCHDAY_PORT=3001.',
      })
    case 'EACCES':
      return new Fault('address-not-allowed', `This user may not listen on ${place}.`, {
        hint: 'Ports below 1024 are often reserved: give another one with --port.',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Fault('address-not-here', `${config.host} is not an address of this machine.`, {
        hint: 'Leave --host out to listen on all of them.',
      })
    default:
      return error
  }
}
