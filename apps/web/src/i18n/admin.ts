import { catalogueOf } from './language.ts'

/** Texts of those who run the platform. */
export const { load: loadAdminTexts, texts: adminTexts } = catalogueOf({
  en: async () => (await import('./admin-en.ts')).adminEn,
  de: async () => (await import('./admin-de.ts')).adminDe,
})
