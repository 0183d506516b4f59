import { batch, signal } from '@preact/signals'
import { isObject, stored } from '../device/storage.ts'
import type { Catalogue } from './en.ts'

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]
/** Each language by its own name, as a person looks for it. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

const loaders: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
}

const chosen = stored('language', isChoice)
const catalogue = signal<Catalogue | null>(null)
export const language = signal<Language>('en')

/** The texts in the language of the moment; reading it in a component follows a change of language. */
export function texts(): Catalogue {
  if (catalogue.value === null) throw new Error('texts are used before loadLanguage has finished')
  return catalogue.value
}

/** The language of an earlier choice, or else the first of the browser's languages that there is. */
export function preferredLanguage(browserLanguages: readonly string[] = navigator.languages): Language {
  const own = browserLanguages.map((tag) => tag.slice(0, 2).toLowerCase())
  return chosen.value.peek()?.language ?? own.find(isLanguage) ?? 'en'
}

/** Catalogues in use beside the first one: each fetches its texts in a language, and gives what shows them. */
const others = new Set<(next: Language) => Promise<() => void>>()

/** All texts change at once, when all are there. */
export async function loadLanguage(next: Language): Promise<void> {
  const [main, ...shows] = await Promise.all([loaders[next](), ...[...others].map((fetch) => fetch(next))])
  batch(() => {
    catalogue.value = main
    language.value = next
    for (const show of shows) show()
  })
  document.documentElement.lang = next
}

/**
 * Texts that only some screens need, in files of their own. `load` comes before the first of these screens, as a part
 * of loading it; from then on they follow the language.
 */
export function catalogueOf<Texts>(files: Readonly<Record<Language, () => Promise<Texts>>>) {
  const current = signal<Texts | null>(null)
  const fetchTexts = async (next: Language) => {
    const loaded = await files[next]()
    return () => {
      current.value = loaded
    }
  }
  return {
    load: async (): Promise<void> => {
      others.add(fetchTexts)
      if (current.peek() === null) (await fetchTexts(language.peek()))()
    },
    texts: (): Texts => {
      if (current.value === null) throw new Error('texts are used before their screen was loaded')
      return current.value
    },
    /** For screens that can do without. */
    textsIfLoaded: (): Texts | null => current.value,
  }
}

export async function chooseLanguage(next: Language): Promise<void> {
  chosen.set({ language: next })
  await loadLanguage(next)
}

function isLanguage(text: unknown): text is Language {
  return text === 'en' || text === 'de'
}

function isChoice(value: unknown): value is { language: Language } {
  return isObject(value) && isLanguage(value.language)
}
