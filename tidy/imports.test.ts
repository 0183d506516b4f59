import { readdirSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, it } from 'vitest'
import { importRules } from './import-rules.ts'

async function violations(folders: string[]): Promise<readonly { rule: string; from: string; to: string }[]> {
  const { output } = await cruise(folders, {
    ruleSet: importRules,
    validate: true,
    tsPreCompilationDeps: true,
    preserveSymlinks: false,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '/\\.cache/', folders[0] === 'tidy/fixtures' ? '^$' : '^tidy/fixtures/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
  })
  // Without a reporter the output is the result itself.
  const { summary } = output as ICruiseResult
  // With an unsupported TypeScript everything passes because nothing is read; that must not look like success.
  if (summary.totalCruised < 10) throw new Error(`only ${summary.totalCruised} modules were read`)
  return summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))
}

describe('imports', () => {
  it('keep every rule', async () => {
    expect(await violations(['packages', 'services', 'apps', 'bench', 'e2e'])).toEqual([])
  }, 120_000)

  it('that break a rule are found: one fixture for each', async () => {
    const found = new Set((await violations(['tidy/fixtures'])).map(({ rule }) => rule))
    const rules = importRules.forbidden!.map(({ name }) => name!)
    expect(rules.filter((rule) => !found.has(rule))).toEqual([])
    expect(readdirSync('tidy/fixtures').length).toBeGreaterThan(0)
  }, 120_000)
})
