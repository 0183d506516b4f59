/**
 * Keeps the app shell, and the last answers that it got, so that a player's screen and *Check this draw* open without
 * a network. Registered in secure contexts only (main.tsx). The build fills in the two placeholders.
 */
const shellFiles: readonly string[] = JSON.parse('__SHELL_FILES__')
const shellCache = 'matchday-shell-__SHELL_VERSION__'
const answersCache = 'matchday-answers'
/** Answers kept: a few tournaments with their proofs. */
const answersMax = 20

/** The worker's events, which the types of a page don't know. */
type WaitableEvent = Event & { waitUntil(work: Promise<unknown>): void }
type RequestEvent = Event & { request: Request; respondWith(response: Promise<Response>): void }

addEventListener('install', (event) => {
  if (isWaitable(event))
    event.waitUntil(caches.open(shellCache).then((cache) => cache.addAll([...shellFiles])))
})

addEventListener('activate', (event) => {
  if (isWaitable(event)) event.waitUntil(dropOldShells())
})

addEventListener('fetch', (event) => {
  if (!isRequest(event)) return
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(kept(request))
  else if (request.mode === 'navigate' && !pathname.startsWith('/api/')) {
    event.respondWith(freshOr(request, '/index.html'))
  } else if (shellFiles.includes(pathname)) event.respondWith(freshOr(request, pathname))
  else if (isPublicAnswer(request, pathname)) event.respondWith(freshAnswer(request))
})

function isWaitable(event: Event): event is WaitableEvent {
  return 'waitUntil' in event
}

function isRequest(event: Event): event is RequestEvent {
  return 'respondWith' in event
}

/** What anybody may read: the tournament and its proof. Answers to a token are never kept … */
function isPublicAnswer(request: Request, pathname: string): boolean {
  return /^\/api\/tournaments\/[^/]+(\/draw\/proof)?$/.test(pathname) && !request.headers.has('authorization')
}

/** … nor what was told to whom a cookie names: the server says so. */
function mayBeKept({ ok, headers }: Response): boolean {
  return ok && headers.get('cache-control')?.includes('no-store') !== true
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('matchday-shell-') && name !== shellCache)
  await Promise.all(old.map((name) => caches.delete(name)))
}

/** Hashed files never change. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

async function freshOr(request: Request, fallbackPath: string): Promise<Response> {
  try {
    return await fetch(request)
  } catch (fault) {
    const response = await caches.match(fallbackPath)
    if (response === undefined) throw fault
    return response
  }
}

async function freshAnswer(request: Request): Promise<Response> {
  const cache = await caches.open(answersCache)
  try {
    const response = await fetch(request)
    if (mayBeKept(response)) {
      await cache.put(request, response.clone())
      const keys = await cache.keys()
      await Promise.all(keys.slice(0, Math.max(0, keys.length - answersMax)).map((key) => cache.delete(key)))
    }
    return response
  } catch (fault) {
    const last = await cache.match(request)
    if (last === undefined) throw fault
    return last
  }
}
