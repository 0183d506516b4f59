import { type ErrorCode, faultCodes, rejectionCodes } from '@matchday/contracts'
import { isErrorCode, statusTable } from '../http/status-table.ts'
import { isObject } from './components.ts'
import { type Html, html } from './html.ts'
import type { OpenApiDocument, OpenApiOperation, OpenApiParameter } from './open-api.ts'
import { propertyRows, type Row, typeText } from './schema-text.ts'

const titles: Record<ErrorCode, string> = { ...rejectionCodes, ...faultCodes }

type Entry = { method: string; path: string; operation: OpenApiOperation }

/** The API for people: one page made from the OpenAPI document, without scripts. */
export function docsPage(document: OpenApiDocument, stylePath: string): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title>
<link rel="stylesheet" href="${stylePath}">
</head>
<body>
<header>
<h1>${document.info.title} <small>API ${document.info.version}</small></h1>
${blocks(document.info.description)}
<p class="links"><a href="/api/openapi.json">OpenAPI 3.1</a>
<a href="/api/asyncapi.json">AsyncAPI 3 (live updates)</a>
<a href="#errors">Errors</a> <a href="#schemas">Schemas</a></p>
</header>
<div class="columns">
<nav aria-label="Operations">${document.tags.map(({ name }) => navigation(name, entries))}</nav>
<main>
${entries.map(operationSection)}
${errorSection()}
${schemaSection(document)}
</main>
</div>
</body>
</html>
`.markup
}

function navigation(tag: string, entries: readonly Entry[]): Html {
  const own = entries.filter(({ operation }) => operation.tags.includes(tag))
  return html`<h2>${tag}</h2><ul>${own.map(navigationItem)}</ul>`
}

function navigationItem({ method, path, operation }: Entry): Html {
  const text = html`<span>${path.replace('/api', '')}</span>`
  return html`<li><a href="#${operation.operationId}">${badge(method)}${text}</a></li>`
}

function badge(method: string): Html {
  return html`<b class="method ${method.toLowerCase()}">${method}</b>`
}

function operationSection(entry: Entry): Html {
  const { method, path, operation } = entry
  const body = operation.requestBody?.content['application/json']
  const headers = operation.parameters.filter((parameter) => parameter.in === 'header')
  const inputs = operation.parameters.filter((parameter) => parameter.in !== 'header')
  return html`<section id="${operation.operationId}">
<h2>${badge(method)} <code>${path}</code></h2>
<p class="summary">${operation.summary}.</p>
<p class="policy">${operation['x-policy-meaning']}${needsToken(operation) ? html` · token needed` : html``}${scopeText(operation)}</p>
${table('Path and query', inputs.map(parameterRow))}
${table('Body', propertyRows(body?.schema))}
${table('Headers', headers.map(parameterRow))}
${answers(operation)}
<h3>Example</h3>
<pre><code>${curl(entry, body?.example)}</code></pre>
<details><summary>Errors</summary>${errorTable(codesOf(operation))}</details>
</section>`
}

function needsToken({ security }: OpenApiOperation): boolean {
  return security.every((scheme) => Object.keys(scheme).length > 0)
}

function scopeText({ security }: OpenApiOperation): Html {
  const scopes = security.flatMap(({ key = [] }) => key)
  return html`${scopes.map((scope) => html` · keys with <code>${scope}</code>`)}`
}

function parameterRow({ name, required, schema, description }: OpenApiParameter): Row {
  return { name, isRequired: required, type: typeText(schema), note: html`${description ?? ''}` }
}

function table(title: string, rows: readonly Row[]): Html {
  if (rows.length === 0) return html``
  const heading = title === '' ? html`` : html`<h3>${title}</h3>`
  return html`${heading}<table>${rows.map(tableRow)}</table>`
}

function tableRow({ name, type, isRequired, note }: Row): Html {
  const heading = html`<code>${name}</code>${isRequired ? html`` : html` <small>optional</small>`}`
  const explanation = note.markup === '' ? note : html`<br><small>${note}</small>`
  return html`<tr><th scope="row">${heading}</th><td>${type}${explanation}</td></tr>`
}

function answers(operation: OpenApiOperation): Html {
  const successes = Object.entries(operation.responses).filter(([status]) => Number(status) < 400)
  const parts = successes.map(([status, response]) => {
    const schema = response.content?.['application/json']?.schema
    const rows = propertyRows(schema)
    if (rows.length > 0) return table(`${status} answers`, rows)
    return html`<h3>${status}</h3><p>${schema === undefined ? response.description : typeText(schema)}</p>`
  })
  return html`${parts}`
}

function codesOf(operation: OpenApiOperation): ErrorCode[] {
  return Object.values(operation.responses).flatMap((response) => response['x-codes'] ?? [])
}

function curl({ method, path, operation }: Entry, example: unknown): string {
  const lines = [`curl -X ${method} "$MATCHDAY${path.replaceAll('{', '$').replaceAll('}', '')}"`]
  if (needsToken(operation)) lines.push('-H "Authorization: Bearer $TOKEN"')
  for (const { name, required } of operation.parameters) {
    if (name === 'If-Match' && required) lines.push(`-H 'If-Match: "7"'`)
    if (name === 'Idempotency-Key') lines.push('-H "Idempotency-Key: $(uuidgen)"')
  }
  if (example !== undefined) {
    lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(example)}'`)
  }
  return lines.join(' \\\n  ')
}

function errorSection(): Html {
  const codes = Object.keys(statusTable).filter(isErrorCode)
  return html`<section id="errors"><h2>Errors</h2>
<p>Every error is <code>application/problem+json</code> with <code>code</code> and <code>requestId</code>.
<code>fields</code> lists what is wrong with the input, each with a JSON pointer.</p>
${errorTable(codes, 'error-')}</section>`
}

function errorTable(codes: readonly ErrorCode[], idPrefix?: string): Html {
  return html`<table class="errors">${codes.map((code) => {
    const id = idPrefix === undefined ? html`` : html` id="${idPrefix}${code}"`
    const name = html`<th scope="row"><code>${code}</code></th>`
    return html`<tr${id}><td>${statusTable[code]}</td>${name}<td>${titles[code]}</td></tr>`
  })}</table>`
}

function schemaSection(document: OpenApiDocument): Html {
  const schemas = isObject(document.components.schemas) ? Object.entries(document.components.schemas) : []
  return html`<section id="schemas"><h2>Schemas</h2>${schemas.map(([name, schema]) => {
    const rows = propertyRows(schema)
    const content = rows.length > 0 ? table('', rows) : html`<p>${typeText(schema)}</p>`
    return html`<div id="schema-${name}"><h3>${name}</h3>${content}</div>`
  })}</section>`
}

/** Paragraphs, and lists of lines that begin with a dash. */
function blocks(text: string): Html {
  const parts = text.split('\n\n').map((block) => {
    const lines = block.trim().split('\n')
    if (!lines.every((line) => line.startsWith('- '))) return html`<p class="lead">${inline(block)}</p>`
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`
  })
  return html`${parts}`
}

/** What stands between backticks is code, between two stars strong. */
function inline(text: string): Html {
  const parts = text.split('`').map((part, index) => {
    if (index % 2 === 1) return html`<code>${part}</code>`
    return html`${part.split('**').map((each, place) => (place % 2 === 1 ? html`<b>${each}</b>` : html`${each}`))}`
  })
  return html`${parts}`
}
