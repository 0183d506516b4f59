import { catalogueOf } from './language.ts'

/** Texts of organisations and their events. */
export const { load: loadOfficeTexts, texts: officeTexts } = catalogueOf({
  en: async () => (await import('./office-en.ts')).officeEn,
  de: async () => (await import('./office-de.ts')).officeDe,
})
