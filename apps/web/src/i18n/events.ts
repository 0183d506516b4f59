import { catalogueOf } from './language.ts'

/** Texts of the public search. */
export const { load: loadEventsTexts, texts: eventsTexts } = catalogueOf({
  en: async () => (await import('./events-en.ts')).eventsEn,
  de: async () => (await import('./events-de.ts')).eventsDe,
})
