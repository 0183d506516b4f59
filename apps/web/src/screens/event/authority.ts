/** By what a page may change a tournament: the organiser's token of this device, or else the session of its user. */
export type Authority = { token?: string | undefined }
