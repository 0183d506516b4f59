// Runs the checks that aren't tests (types, lint) as tests of their own, then Vitest, and prints one closing line.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const paths = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'matchday-tests-'))
const report = join(folder, 'report.json')
const bin = (name) => `node_modules/.bin/${name}`

let passed = 0
let failed = 0
let skipped = 0

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
    // A file that could not even be loaded counts too, or it would go unnoticed.
    failed += results.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length
  } catch {
    failed++
  }
  if (code !== 0 && failed === failedBefore) failed++
  rmSync(report, { force: true })
}
rmSync(folder, { recursive: true, force: true })

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 ? 1 : 0
