import { describeSettings, Fault } from '@matchday/kernel'
import { type Config, readConfig, settings } from './config.ts'
import { demo } from './demo.ts'
import { roles } from './roles.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'

const help = `Matchday ${version}: live tournaments, from the QR code on the wall to the draw that anyone can check.

  matchday serve [settings]   start; without settings all you need runs on this computer
  matchday demo [settings]    fill a tournament with ten players, to look around
  matchday --help             this text
  matchday --version

  With serve:
  --list-roles                what a process can be, and stop
  --verify-config             check the settings, and stop

Settings (a flag wins over its variable)
${describeSettings(settings)}

Health: GET /livez, GET /readyz · API: /api/docs · Errors: docs/errors.md
`

const commands: Readonly<Record<string, (config: Config) => Promise<number>>> = { serve, demo }

/** Runs one command line; resolves to the exit code: 0 well, 1 a fault, 2 a command line or settings that are not right. */
export async function run(words: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = words
  if (words.includes('--help') || words.includes('-h')) return print(help)
  if (name === '--version') return print(`${version}\n`)
  if (words.includes('--list-roles')) {
    return print(
      Object.entries(roles)
        .map(([role, what]) => `${role.padEnd(14)}${what}\n`)
        .join(''),
    )
  }
  // Settings alone mean `serve`.
  const [command, flags] = name.startsWith('--') ? ['serve', words] : [name, rest]
  const start = commands[command]
  if (!start) return complain(`There is no command "${command}". matchday --help lists them.`, 2)

  try {
    const config = readConfig(flags.filter((flag) => flag !== '--verify-config'))
    if (words.includes('--verify-config')) return print('The configuration is right.\n')
    return await start(config)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return complain(
      error.hint ? `${error.message}\n${error.hint}` : error.message,
      error.code === 'bad-configuration' ? 2 : 1,
    )
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`)
  return exitCode
}
