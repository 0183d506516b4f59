import { catalogueOf } from './language.ts'

/** Texts that all screens with accounts share. */
export const {
  load: loadPeopleTexts,
  texts: peopleTexts,
  textsIfLoaded: peopleTextsIfLoaded,
} = catalogueOf({
  en: async () => (await import('./people-en.ts')).peopleEn,
  de: async () => (await import('./people-de.ts')).peopleDe,
})
