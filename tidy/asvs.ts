import ts from 'typescript'
import type { SourceFile } from './source-rules.ts'

/**
 * The requirements of OWASP ASVS 5.0.0 by level, as `section.count` where a section's are 1 to count, and else one by one.
 * Numbers alone: the texts have a licence of their own.
 */
const numbers = {
  1: `1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1 5.2.1-2 5.3.1-2 6.1.1 6.2.1-8
    6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3 9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1 12.2.1-2 13.4.1
    14.2.1 14.3.1 15.1.1 15.2.1 15.3.1`,
  2: `1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6 3.5.4-5 3.7.1-2 4.1.2-3 4.2.1
    4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4 6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 7.4.3-5
    7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1 9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2
    11.2.1-3 11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.2-5 14.1.1-2 14.2.2-4 14.3.2-3
    15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2`,
} as const

/** Number and level of each. */
export const requirements: ReadonlyMap<string, '1' | '2'> = new Map(
  (['1', '2'] as const).flatMap((level) =>
    numbers[level].split(/\s+/).flatMap((range) => each(range).map((number) => [number, level] as const)),
  ),
)

/** "1.2.1-3" → "1.2.1", "1.2.2", "1.2.3". */
function each(range: string): string[] {
  const [first = '', last] = range.split('-')
  const section = first.slice(0, first.lastIndexOf('.'))
  const from = Number(first.slice(section.length + 1))
  const to = last === undefined ? from : Number(last)
  return Array.from({ length: to - from + 1 }, (_, index) => `${section}.${from + index}`)
}

type Row = {
  readonly number: string
  readonly level: string
  readonly asked: string
  readonly state: string
  readonly how: string
  readonly shownBy: string
}
/** Everything by which a test can be named, of a file; null: there is no such file. */
export type TitlesOf = (path: string) => ReadonlySet<string> | null

const states: readonly string[] = ['met', 'part', 'operator', 'open', 'n/a']
/** Less is no reason. */
const reasonLengthMin = 15

function rowsOf(page: string): Row[] {
  return page.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, number = '', level = '', asked = '', state = '', how = '', shownBy = ''] = cells
    return /^\d+\.\d+\.\d+$/.test(number) ? [{ number, level, asked, state, how, shownBy }] : []
  })
}

/** What is wrong with the page; empty when nothing is. `isThere`: whether a link of the page leads somewhere. */
export function asvsProblems(page: string, titlesOf: TitlesOf, isThere: (link: string) => boolean): string[] {
  const rows = rowsOf(page)
  const found = rows.map(({ number }) => number)
  const missing = [...requirements.keys()].filter((number) => !found.includes(number))
  const repeated = found.filter((number, index) => found.indexOf(number) < index)
  return [
    ...missing.map((number) => `${number}: missing`),
    ...repeated.map((number) => `${number}: more than once`),
    ...rows.flatMap((row) => rowProblems(row, titlesOf).map((problem) => `${row.number}: ${problem}`)),
    ...linksOf(page)
      .filter((link) => !isThere(link))
      .map((link) => `leads nowhere: ${link}`),
  ]
}

function rowProblems({ number, level, asked, state, how, shownBy }: Row, titlesOf: TitlesOf): string[] {
  const tests = testProblems(`${how} ${shownBy}`, titlesOf)
  const hasProof = testsIn(shownBy).length > 0 || (state === 'met' && linksOf(how).length > 0)
  const needsProof = state === 'met' || state === 'part'
  return [
    ...(requirements.get(number) === level ? [] : [`not of level ${level}`]),
    ...(states.includes(state) ? [] : [`no state: ${state}`]),
    ...(asked === '' ? ['asks for nothing'] : []),
    ...(needsProof && !hasProof ? ['nothing shows it'] : []),
    ...(state !== 'met' && how.length < reasonLengthMin ? ['no reason'] : []),
    ...tests,
  ]
}

/** Tests that are named in a text, and are not there. */
export function testProblems(text: string, titlesOf: TitlesOf): string[] {
  return testsIn(text).flatMap(({ path, title }) => {
    const titles = titlesOf(path)
    if (titles === null) return [`no such file: ${path}`]
    return titles.has(title) ? [] : [`no such test: ${path} › ${title}`]
  })
}

/** A test is named as `path/to/file.test.ts › title`. */
export function testsIn(text: string): { readonly path: string; readonly title: string }[] {
  return [...text.matchAll(/`([^`]*\.test\.tsx?) › ([^`]+)`/g)].map(([, path = '', title = '']) => ({
    path,
    title,
  }))
}

export function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)
}

/** Titles of a file of tests: what `describe`, `it` and `test`, and their `each`, are given first. */
export function titlesIn({ path, text }: SourceFile): ReadonlySet<string> {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const titles = new Set<string>()
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:describe|it|test)\b/.test(node.expression.getText(source))) {
      const [title] = node.arguments
      if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        titles.add(ts.isStringLiteralLike(title) ? title.text : title.getText(source).slice(1, -1))
      }
    }
    ts.forEachChild(node, look)
  }
  look(source)
  return titles
}
