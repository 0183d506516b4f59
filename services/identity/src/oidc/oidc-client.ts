export type OidcClient = { x: 1 }
export declare function createOidcClient(a: unknown, b: unknown, c: unknown): OidcClient
