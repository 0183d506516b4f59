import { run } from './cli.ts'

/** What a part left open must not keep a process from ending that has said good-bye. */
const lingerMs = 500

process.exitCode = await run(process.argv.slice(2))
setTimeout(() => process.exit(), lingerMs).unref()
