import { basename, dirname, normalize } from 'node:path'
import ts from 'typescript'

export type SourceFile = { path: string; text: string }
export type Rule = { name: string; finds: (file: SourceFile) => readonly string[]; planted: SourceFile }

export const isTest = (path: string) =>
  /\.test\.tsx?$|\/testing\/|\/fixtures\/|^(e2e|tidy|bench)\//.test(path)
const workspaceOf = (path: string) =>
  path
    .split('/')
    .slice(0, /^(packages|services|apps)\//.test(path) ? 2 : 1)
    .join('/')

/** What a linter can't say, or not of all files together. Each rule has a file that breaks it. */
export const sourceRules: readonly Rule[] = [
  {
    name: 'a file has at most 400 lines, a test 700',
    finds: ({ path, text }) => {
      const lines = text.split('\n').length - 1
      return lines > (isTest(path) ? 700 : 400) ? [`${lines} lines`] : []
    },
    planted: { path: 'packages/kernel/src/long.ts', text: 'const a = 1\n'.repeat(401) },
  },
  {
    name: 'a line has at most 130 columns, addresses, templates and what is one text or pattern apart',
    finds: ({ text }) =>
      text
        .split('\n')
        .filter((line) => line.length > 130 && !/https?:\/\/|[\w-]{60}|`|\$\{/.test(line))
        .filter((line) => !/^ *(\w+: )?('[^']*'|\/.*\/\w*(\.test\()?),?$/.test(line)),
    planted: { path: 'packages/kernel/src/wide.ts', text: `// ${'wide '.repeat(30)}` },
  },
  {
    name: 'a file is named in kebab-case, a component in PascalCase',
    finds: ({ path }) => {
      const name = basename(path).replace(/(\.\w+)*$/, '')
      const fits =
        /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || (path.endsWith('.tsx') && /^[A-Z][A-Za-z0-9]*$/.test(name))
      return fits ? [] : [name]
    },
    planted: { path: 'packages/kernel/src/camelCase.ts', text: '' },
  },
  {
    name: 'nothing is called utils, common or helpers',
    finds: ({ path }) => path.match(/(^|\/)(utils?|common|helpers?|misc)(\.|\/)/)?.slice(2, 3) ?? [],
    planted: { path: 'packages/kernel/src/utils/x.ts', text: '' },
  },
  {
    name: 'the environment is read in a config.ts alone',
    finds: ({ path, text }) =>
      isTest(path) || basename(path) === 'config.ts' ? [] : (text.match(/process\.env\b/g) ?? []),
    planted: { path: 'packages/kernel/src/x.ts', text: 'process.env.HOME' },
  },
  {
    name: 'only the server ends the process',
    finds: ({ path, text }) =>
      isTest(path) || path.startsWith('apps/server/') ? [] : (text.match(/process\.exit\b/g) ?? []),
    planted: { path: 'services/gateway/src/x.ts', text: 'process.exit(1)' },
  },
  {
    name: 'no test is left out, nothing is left to do',
    finds: ({ path, text }) =>
      path.startsWith('tidy/')
        ? []
        : (text.match(/\b(it|test|describe)\.(skip|only|todo)\b|\b(TODO|FIXME|XXX)\b/g) ?? []),
    planted: { path: 'packages/kernel/src/x.test.ts', text: "it.skip('x', () => {})" },
  },
  {
    name: 'no relative import leaves its workspace',
    finds: ({ path, text }) =>
      [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.\.?\/[^']+)'/g)]
        .map((match) => match[1]!)
        .filter((target) => workspaceOf(normalize(`${dirname(path)}/${target}`)) !== workspaceOf(path))
        .filter(() => !path.startsWith('tidy/')),
    planted: { path: 'packages/kernel/src/x.ts', text: "import { a } from '../../contracts/src/index.ts'" },
  },
  {
    name: 'no path of somebody’s machine is written down',
    finds: ({ path, text }) =>
      path.startsWith('tidy/')
        ? []
        : (text.match(/['"`( =](\/work\/|\/home\/\w|\/root\/\w|C:\\Users)[^'"`]*/g) ?? []),
    planted: { path: 'packages/kernel/src/x.ts', text: "open('/home/ana/x')" },
  },
  {
    name: 'a silenced check says why',
    finds: ({ path, text }) =>
      path.startsWith('tidy/')
        ? []
        : text
            .split('\n')
            .filter((line) => /@ts-(ignore|expect-error|nocheck)\s*$|biome-ignore [\w/]+\s*$/.test(line)),
    planted: { path: 'packages/kernel/src/x.ts', text: '// @ts-ignore' },
  },
]

/** Casts and `any` in what ships, in a thousand lines. `as const` is no cast. */
export function castsPerThousandLines(files: readonly SourceFile[]): number {
  const shipped = files.filter(({ path }) => !isTest(path))
  const lines = shipped.reduce((sum, { text }) => sum + text.split('\n').length, 0)
  const casts = shipped.reduce((sum, file) => sum + castsIn(file), 0)
  return (casts / lines) * 1_000
}

function castsIn({ path, text }: SourceFile): number {
  let count = 0
  const look = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) count++
    if (ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)) count++
    ts.forEachChild(node, look)
  }
  look(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
  return count
}
