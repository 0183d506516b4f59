import { createApi } from './client.ts'

/** The client of this page. */
export const api = createApi()
