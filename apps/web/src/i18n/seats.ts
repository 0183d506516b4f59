import { catalogueOf } from './language.ts'

/** Texts of players with accounts. */
export const { load: loadSeatsTexts, texts: seatsTexts } = catalogueOf({
  en: async () => (await import('./seats-en.ts')).seatsEn,
  de: async () => (await import('./seats-de.ts')).seatsDe,
})
