import type { ComponentType } from 'preact'
import { lazy } from 'preact-iso'
import { loadAgain } from '../device/load-again.ts'
import { texts } from '../i18n/language.ts'
import { Notice } from './Notice.tsx'
import { TopBar } from './TopBar.tsx'

/** A screen in a chunk of its own, with whatever `load` fetches besides. */
export function lazyScreen<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async (): Promise<ComponentType<Props>> => {
    try {
      return await loadAgain(load)
    } catch {
      // No network, or a new version whose chunks have other names: loading the page again helps.
      return Broken
    }
  })
}

/** Something was thrown while rendering, or a screen could not be loaded. */
export function Broken() {
  const { empty } = texts()
  return (
    <>
      <TopBar />
      <Notice icon="signal" title={empty.broken} about={empty.brokenAbout}>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          {empty.reload}
        </button>
      </Notice>
    </>
  )
}
