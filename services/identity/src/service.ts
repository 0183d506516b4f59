export declare function defineIdentity(a: unknown): unknown
