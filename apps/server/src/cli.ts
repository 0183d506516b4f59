import { describeSettings, Fault } from '@matchday/kernel'
import { checkTogether, notesOn, readConfig } from './config.ts'
import { answerDeadLetters } from './dead-letters-command.ts'
import { demo } from './demo.ts'
import { migrateDatabases } from './migrate-command.ts'
import { roles } from './roles.ts'
import { serve } from './serve.ts'
import { settingGroups } from './settings.ts'
import { makeTokenKey } from './token-key-command.ts'
import { version } from './version.ts'

const help = `Matchday ${version}: live tournaments, from the QR code on the wall to the draw that anyone can check.

  matchday serve [settings]   start; without settings all you need runs on this computer
  matchday demo [settings]    fill a tournament with ten players, to look around
  matchday migrate            upgrade the tables of a database of your own; --check only looks
  matchday dead-letters list  what was delivered five times and never done
               show <id>      one of them, with all that is in it
               replay <id>    do it again; --all for all of them
               dismiss <id>   delete it for good; --all for all of them
                              --service name, --lane commands|private|queries, --limit number, --json
  matchday token-key          make a pair of keys, for several processes
  matchday --help             this text
  matchday --version

  With serve:
  --list-roles                what a process can be, and stop
  --verify-config             check the settings, and stop

Settings: a flag, or a variable. The flag wins.

${describeSettings(settingGroups)}

Health: GET /livez, GET /readyz · API: /api/docs · Errors: docs/errors.md · Running it: docs/operations.md
`

const commands: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  serve: startServing,
  demo: (words) => demo(readConfig(words)),
  migrate: (words) => migrateDatabases(words),
  'dead-letters': answerDeadLetters,
  'token-key': makeTokenKey,
}

/** Runs one command line; resolves to the exit code: 0 well, 1 a fault, 2 a command line or settings that are not right. */
export async function run(words: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = words
  if (words.includes('--help') || words.includes('-h')) return print(help)
  if (name === '--version') return print(`${version}\n`)
  if (words.includes('--list-roles')) return print(roleList())
  // Settings alone mean `serve`.
  const [command, flags] = name.startsWith('--') ? ['serve', words] : [name, rest]
  const start = commands[command]
  if (!start) return complain(`There is no command "${command}". matchday --help lists them.`, 2)

  try {
    return await start(flags)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return complain(
      error.hint ? `${error.message}\n${error.hint}` : error.message,
      error.code === 'bad-configuration' ? 2 : 1,
    )
  }
}

async function startServing(words: readonly string[]): Promise<number> {
  const isCheck = words.includes('--verify-config')
  const config = readConfig(words.filter((flag) => flag !== '--verify-config'))
  if (!isCheck) return serve(config)
  checkTogether(config)
  return print(['The configuration is right.', ...notesOn(config), ''].join('\n'))
}

function roleList(): string {
  return Object.entries(roles)
    .map(([role, { summary }]) => `${role.padEnd(14)}${summary}\n`)
    .join('')
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`)
  return exitCode
}
