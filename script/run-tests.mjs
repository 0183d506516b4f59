// Runs the checks that aren't tests (types, lint) as tests of their own, then Vitest, and prints one closing line.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const paths = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'matchday-tests-'))
const report = join(folder, 'report.json')
const bin = (name) => `node_modules/.bin/${name}`

let passed = 0
let failed = 0
let skipped = 0
/** What failed, said again at the end: whoever sees only the last lines of a log must be able to tell. */
const failures = []

if (paths.length === 0) {
  const checks = {
    'types (server, packages)': [bin('tsc'), '-p', '.'],
    'types (web)': [bin('tsc'), '-p', 'apps/web'],
    'types (browser-safe packages)': [bin('tsc'), '-p', 'tsconfig.browser.json'],
    'format and lint': [bin('biome'), 'check', '.'],
  }
  for (const [name, [command, ...options]] of Object.entries(checks)) {
    const { status, stdout, stderr } = spawnSync(command, options, { encoding: 'utf8' })
    console.log(`${status === 0 ? '✓' : '✗'} ${name}`)
    if (status === 0) passed++
    else {
      failed++
      failures.push(name)
      console.log(`${stdout}${stderr}`.split('\n').slice(0, 60).join('\n'))
    }
  }
}

// In the last project things are measured against the clock, so its files run one after the other, when nothing else does.
const runs =
  paths.length > 0
    ? [paths]
    : [
        ['--project', 'unit'],
        ['--project', 'stories'],
        ['--project', 'system', '--no-file-parallelism'],
      ]
for (const options of runs) await runVitest(options)

async function runVitest(options) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const vitest = spawn(bin('vitest'), ['run', ...reporters, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve) => vitest.on('close', resolve))
  const failedBefore = failed
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'))
    passed += results.numPassedTests
    failed += results.numFailedTests
    skipped += results.numPendingTests + results.numTodoTests
    failures.push(...results.testResults.flatMap(failuresOf))
    // A file that could not even be loaded counts too, or it would go unnoticed.
    failed += results.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length
  } catch {
    failed++
  }
  if (code !== 0 && failed === failedBefore) {
    failed++
    failures.push(`vitest ${options.join(' ')}: ended with ${code}, and not for a test; see above`)
  }
  rmSync(report, { force: true })
}

/** A file that failed beside its tests (it could not be loaded, or a hook of it failed) says so itself. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(process.cwd(), name)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  const said = tests.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
  return status === 'failed' && tests.length === 0 ? [`${file}: ${firstLine(message)}`] : said
}

function firstLine(text = '') {
  return text.split('\n', 1)[0].slice(0, 300) || 'failed outside of its tests, see above'
}

rmSync(folder, { recursive: true, force: true })

for (const failure of failures) console.log(`✗ ${failure}`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 ? 1 : 0
