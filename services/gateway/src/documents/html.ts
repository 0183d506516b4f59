/** Text that is HTML already. */
export type Html = { readonly markup: string }
type Part = string | number | Html | readonly Html[]

/** A template whose texts are escaped and whose Html parts are not: nothing is markup by accident. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let markup = strings[0] ?? ''
  parts.forEach((part, index) => {
    markup += markupOf(part) + (strings[index + 1] ?? '')
  })
  return { markup }
}

html.join = (parts: readonly Html[], separator: Html): Html => ({
  markup: parts.map((part) => part.markup).join(separator.markup),
})

function markupOf(part: Part): string {
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return escaped(part)
  return 'markup' in part ? part.markup : part.map((each) => each.markup).join('')
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
