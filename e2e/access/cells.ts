import { tables } from './expected.ts'
import { type CallerName, callers, type Meant, type Word, words } from './words.ts'

type Cells = ReadonlyMap<CallerName, ReadonlyMap<string, Word>>

/** A table as text: the first line names the columns, each other one some callers; `rest`: all who were not named. */
export function cellsOf(text: string): Cells {
  const [[, head = ''] = [], ...rows] = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('|'))
  const columns = wordsIn(head)
  const cells = new Map<CallerName, ReadonlyMap<string, Word>>()
  for (const [names = '', found = ''] of rows) {
    const told = wordsIn(found).map(checked)
    if (told.length !== columns.length) throw new Error(`not as many as columns: ${found}`)
    const row = new Map(columns.map((column, index) => [column, told[index]!]))
    for (const caller of callersIn(names, cells)) {
      if (cells.has(caller)) throw new Error(`twice in a table: ${caller}`)
      cells.set(caller, row)
    }
  }
  return cells
}

function wordsIn(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

function callersIn(text: string, known: Cells): readonly CallerName[] {
  const names = wordsIn(text)
  if (names.length === 1 && names[0] === 'rest') return callers.filter((caller) => !known.has(caller))
  return names.map((name) => {
    if (!isCaller(name)) throw new Error(`no caller: ${name}`)
    return name
  })
}

function isCaller(name: string): name is CallerName {
  return callers.some((known) => known === name)
}

function checked(word: string): Word {
  if (!Object.hasOwn(words, word)) throw new Error(`no word of the table: ${word}`)
  // It is one, as was just seen.
  return word as Word
}

function tableOf(name: string): Cells {
  if (!Object.hasOwn(tables, name)) throw new Error(`no table: ${name}`)
  // It is one, as was just seen.
  return cellsOf(tables[name as keyof typeof tables])
}

export type Expected = {
  readonly caller: CallerName
  readonly column: string
  /** Nothing about who he is stands against it; a rule of the thing itself may. */
  readonly isLetIn: boolean
  readonly code: string
}

/** All cells of an operation. `takesKeys`: its contract names a scope. */
export function expectedOf(
  { policy, table, columns, exceptions = [] }: Meant,
  takesKeys: boolean,
): readonly Expected[] {
  const cells = tableOf(table ?? policy)
  return callers.flatMap((caller) => {
    const row = cells.get(caller === 'key' && !takesKeys ? 'bare-key' : caller)
    if (row === undefined) throw new Error(`${table ?? policy}: no row for ${caller}`)
    return [...row]
      .filter(([column]) => columns === undefined || columns.includes(column))
      .map(([column, word]) => {
        const told = (who: string) =>
          exceptions.find(([whose, what]) => whose === who && what === column)?.[2]
        const code = told(caller) ?? (word === 'ok' ? told('everybody-let-in') : undefined) ?? words[word]
        return { caller, column, isLetIn: word === 'ok', code }
      })
  })
}
