export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** `{name}` in a path is a parameter. */
export type Route = readonly [method: Method, path: `/${string}`]
