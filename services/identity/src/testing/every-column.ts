import type { IdentityLab } from './identity-lab.ts'

/** All rows of all tables of the database as one text, to look for what must not be there. `except`: `table.column`. */
export async function everyColumn(lab: IdentityLab, except: readonly string[] = []): Promise<string> {
  const columns = await lab.rows<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and table_name in (
        select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE')`,
    [],
  )
  const texts: string[] = []
  for (const { table, column } of columns) {
    if (except.includes(`${table}.${column}`)) continue
    const rows = await lab.rows<{ text: string | null }>(
      `select "${column}"::text as text from "${table}"`,
      [],
    )
    texts.push(`${table}.${column}: ${rows.map(({ text }) => text).join('\n')}`)
  }
  return texts.join('\n')
}
