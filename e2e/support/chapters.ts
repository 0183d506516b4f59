import { beforeEach } from 'vitest'

/** The tests of this file are chapters of one story: without the one before, the next only wait for what never comes. */
export function tellInChapters(): void {
  let isBrokenOff = false
  beforeEach((chapter) => {
    if (isBrokenOff) chapter.skip('a chapter before it has failed')
    chapter.onTestFailed(() => {
      isBrokenOff = true
    })
  })
}
