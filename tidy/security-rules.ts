import ts from 'typescript'
import { isTest, type Rule, type SourceFile } from './source-rules.ts'

const found = (pattern: RegExp, of: (path: string) => boolean) => (file: SourceFile) =>
  of(file.path) ? (file.text.match(pattern) ?? []) : []
const everywhere = () => true
const server = (path: string) => !path.startsWith('apps/web/')

/** What ships: what somebody else can reach. */
export function isShipped({ path }: SourceFile): boolean {
  return /^(packages|services|apps)\/[^/]+\/src\//.test(path) && !isTest(path) && !path.includes('/testkit/')
}

/** What no shipped file does, so that nobody has to look for it in reviews. Each rule has a file that breaks it. */
export const securityRules: readonly Rule[] = [
  {
    name: 'text is never run as a program',
    finds: found(
      /\beval\(|new Function\b|['"](?:node:)?vm['"]|set(?:Timeout|Interval)\(\s*['"`]/g,
      everywhere,
    ),
    planted: { path: 'services/x/src/x.ts', text: 'eval(text)' },
  },
  {
    name: 'text is never made markup in a browser',
    finds: found(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|DOMParser/gi, everywhere),
    planted: { path: 'apps/web/src/x.tsx', text: '<p dangerouslySetInnerHTML={{ __html: name }} />' },
  },
  {
    name: 'no shell is asked to do anything',
    finds: found(
      /\bexecSync\(|shell:\s*(?!false)|import \{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child/g,
      server,
    ),
    planted: { path: 'packages/x/src/x.ts', text: "import { exec } from 'node:child_process'" },
  },
  {
    name: 'programs are started by what runs the database alone',
    finds: found(
      /node:child_process|node:cluster|node:worker_threads/g,
      (path) => !path.startsWith('packages/kernel/src/postgres/'),
    ),
    planted: { path: 'services/x/src/x.ts', text: "import { spawn } from 'node:child_process'" },
  },
  {
    name: 'only hashes, ciphers and signatures that are thought good today',
    finds: found(
      /\b(?:md5|sha-?1|rc4|3des|blowfish)\b|['"]des-|-(?:ecb|cbc)\b|RSA1_5|RSA-PKCS1|createCipher\(|\bHS256|\bpbkdf2/gi,
      everywhere,
    ),
    planted: { path: 'services/x/src/x.ts', text: "createHash('md5')" },
  },
  {
    name: 'chance that can be guessed makes no secret',
    finds: found(/Math\.random/g, (path) =>
      /^(packages\/contracts|packages\/competition|packages\/kernel\/src\/tokens)\/|^services\/(?!gateway\/src\/live\/)/.test(
        path,
      ),
    ),
    planted: { path: 'services/x/src/x.ts', text: 'Math.random().toString(36)' },
  },
  {
    name: 'nothing makes TLS or the reading of HTTP weaker than Node does',
    finds: found(
      /rejectUnauthorized|NODE_TLS_REJECT|checkServerIdentity|minVersion|secureProtocol|\bciphers\b|insecureHTTPParser/g,
      everywhere,
    ),
    planted: { path: 'services/x/src/x.ts', text: 'connect({ rejectUnauthorized: false })' },
  },
  {
    name: 'no service fetches an address: who signs in elsewhere is asked about by a library',
    finds: found(
      /\bfetch\(|\bhttps?\.(?:get|request)\(|from 'undici'/g,
      (path) => server(path) && path !== 'apps/server/src/demo.ts',
    ),
    planted: { path: 'services/x/src/x.ts', text: 'await fetch(website)' },
  },
  {
    name: 'what somebody typed is no pattern',
    finds: found(/new RegExp\(/g, (path) => path !== 'services/gateway/src/http/fallback.ts'),
    planted: { path: 'services/x/src/x.ts', text: 'new RegExp(query)' },
  },
  {
    name: 'pages listen to no other pages, and read no cookies',
    finds: found(/postMessage|onmessage\b|window\.addEventListener\('message'|document\.cookie/g, (path) =>
      path.startsWith('apps/web/'),
    ),
    planted: { path: 'apps/web/src/x.ts', text: 'window.onmessage = ({ data }) => run(data)' },
  },
  {
    name: 'passwords are typed into the one field that hides them, and may be pasted and filled in',
    finds: ({ path, text }) => {
      const isField = path === 'apps/web/src/people/PasswordField.tsx'
      if (isField)
        return /autocomplete=\{autocomplete\}/.test(text) && /: 'password'\}/.test(text) ? [] : ['not hidden']
      const others = /<input\b[^>]*(?:-password|type="password")|\bonPaste\b/g
      return path.startsWith('apps/web/') ? (text.match(others) ?? []) : []
    },
    planted: { path: 'apps/web/src/x.tsx', text: '<input type="text" autocomplete="new-password" />' },
  },
  {
    name: 'no file is named by what somebody asked for',
    finds: found(
      /(?:readFile|writeFile|createReadStream|createWriteStream|sendFile|unlink)\w*\((?!'index\.html')/g,
      (path) => path.startsWith('services/'),
    ),
    planted: { path: 'services/x/src/x.ts', text: 'reply.sendFile(request.params.name)' },
  },
  {
    name: 'statements are texts of their file: what is put into one is a constant, never a value',
    finds: interpolations,
    planted: {
      path: 'services/x/src/x.ts',
      text: ['function f(name) { return `select 1 from a where name = $', '{name}` }'].join(''),
    },
  },
]

/** Files whose statements are put together from tables of their own, or from settings. */
const builders: ReadonlySet<string> = new Set([
  // Users of the built-in database, made at its first start.
  'packages/kernel/src/postgres/cluster-files.ts',
  // Places of parameters, counted.
  'packages/kernel/src/store/append.ts',
  // The schema's name, from the settings.
  'packages/kernel/src/store/postgres-store.ts',
  'packages/kernel/src/view/view-tables.ts',
  // Tables and columns, from a list in the file.
  'services/identity/src/jobs/tidy-up.ts',
  'services/organizations/src/commands/delete-organization.ts',
])

function interpolations({ path, text }: SourceFile): string[] {
  if (builders.has(path)) return []
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const constants = constantsOf(source)
  const wrong: string[] = []
  const look = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node) && isStatement(node.getText(source))) {
      for (const { expression } of node.templateSpans) {
        if (!ts.isIdentifier(expression) || !constants.has(expression.text))
          wrong.push(expression.getText(source))
      }
    }
    ts.forEachChild(node, look)
  }
  look(source)
  return wrong
}

function isStatement(text: string): boolean {
  const begins = /\b(?:select|insert into|update|delete from|create|drop|alter)\b/i
  return begins.test(text) && /\b(?:from|into|table|set|where|schema|function|values)\b/i.test(text)
}

/** What a file knows before anybody calls it: its constants, and what it imports. */
function constantsOf(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) !== 0) {
      for (const { name } of statement.declarationList.declarations) names.add(name.getText(source))
    }
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      for (const { name } of bindings.elements) names.add(name.text)
    }
  }
  return names
}
