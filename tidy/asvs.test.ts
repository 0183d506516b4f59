import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  asvsProblems,
  linksOf,
  requirements,
  type TitlesOf,
  testProblems,
  testsIn,
  titlesIn,
} from './asvs.ts'
import { securityRules } from './security-rules.ts'

const pagePath = 'docs/security/asvs.md'
const page = readFileSync(pagePath, 'utf8')
const policy = readFileSync('SECURITY.md', 'utf8')
const threats = 37

const known = new Map<string, ReadonlySet<string> | null>([
  // Its tests have the names of their rules.
  ['tidy/security.test.ts', new Set(securityRules.map(({ name }) => name))],
])
const titlesOf: TitlesOf = (path) => {
  const found =
    known.get(path) ?? (existsSync(path) ? titlesIn({ path, text: readFileSync(path, 'utf8') }) : null)
  known.set(path, found)
  return found
}

/** Whether a link of a page leads to a file, and to a heading in it. Other sites are not asked. */
const leadsFrom = (from: string) => (link: string) => {
  if (link.startsWith('https://')) return true
  const [file = '', heading] = link.split('#')
  const path = file === '' ? from : join(dirname(from), file)
  if (!existsSync(path)) return false
  return heading === undefined || headingsOf(readFileSync(path, 'utf8')).includes(heading)
}

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

const problemsOf = (text: string) => asvsProblems(text, titlesOf, leadsFrom(pagePath))

describe('the page of requirements', () => {
  it('has each of levels 1 and 2 once, with tests that are there or a reason', () => {
    const levels = [...requirements.values()]
    expect(levels.filter((level) => level === '1')).toHaveLength(70)
    expect(levels.filter((level) => level === '2')).toHaveLength(183)
    expect(problemsOf(page)).toEqual([])
    expect(testsIn(page).length).toBeGreaterThan(200)
  })

  it.each([
    ['a row that is gone', /^\| 6\.2\.4 .*\n/m, '', ['6.2.4: missing']],
    ['a row twice', /^(\| 6\.2\.4 .*\n)/m, '$1$1', ['6.2.4: more than once']],
    ['a row of another level', /^\| 6\.2\.4 \| 1/m, '| 6.2.4 | 2', ['6.2.4: not of level 2']],
    [
      'a requirement that is none',
      /^\| 6\.2\.4 \| 1/m,
      '| 6.2.99 | 1',
      ['6.2.4: missing', '6.2.99: not of level 1'],
    ],
    ['a state that is none', /^(\| 4\.3\.1 .*) n\/a /m, '$1 fine ', ['4.3.1: no state: fine']],
    ['a reason that is gone', /^(\| 4\.3\.1 .* n\/a \|).*\|.*$/m, '$1 | |', ['4.3.1: no reason']],
    ['a proof that is gone', /^(\| 6\.2\.1 .*\|)[^|]*\|$/m, '$1 |', ['6.2.1: nothing shows it']],
    [
      'a title that is none',
      /is long enough for its realm/,
      'is short enough',
      ['6.2.1: no such test: services/identity/src/domain/rules.test.ts › is short enough'],
    ],
    [
      'a file that is none',
      /tidy\/secrets\.test\.ts ›/,
      'tidy/gone.test.ts ›',
      ['13.2.3: no such file: tidy/gone.test.ts'],
    ],
    [
      'a link that leads nowhere',
      /#ways-in/,
      '#ways-out',
      ['leads nowhere: ../../services/identity/README.md#ways-out'],
    ],
  ])('would be found to be wrong: %s', (_, what, instead, problems) => {
    const changed = page.replace(what, instead)
    expect(changed).not.toBe(page)
    expect(problemsOf(changed)).toEqual(problems)
  })

  it('takes for a title only what a test is called', () => {
    const template = ['x $', '{y}'].join('')
    const text = `describe.each(all)('one', () => { it('two', () => expect('three').toBe('four')); it(\`${template}\`) })`
    expect([...titlesIn({ path: 'x.test.ts', text })]).toEqual(['one', 'two', template])
  })
})

describe('SECURITY.md', () => {
  /** Numbers of threats, each with a test that is there. */
  const shown = (text: string) =>
    [...text.matchAll(/^\| T(\d+) \|(.*)\|$/gm)].flatMap(([, number = '', cells = '']) =>
      testsIn(cells).length > 0 ? [Number(number)] : [],
    )

  it('tells of every threat what stops it, and which test shows it', () => {
    expect(shown(policy)).toEqual(Array.from({ length: threats }, (_, index) => index + 1))
    expect(testProblems(policy, titlesOf)).toEqual([])
    expect(linksOf(policy).filter((link) => !leadsFrom('SECURITY.md')(link))).toEqual([])
  })

  it('would be found to be wrong', () => {
    expect(shown(policy.replace(/^\| T5 .*\n/m, ''))).toHaveLength(threats - 1)
    expect(shown(policy.replace(/^(\| T5 \|.*\|)[^|]*\|$/m, '$1 |'))).toHaveLength(threats - 1)
    expect(testProblems('`tidy/secrets.test.ts › there are secrets`', titlesOf)).toHaveLength(1)
    expect(leadsFrom('SECURITY.md')('docs/gone.md')).toBe(false)
  })
})
