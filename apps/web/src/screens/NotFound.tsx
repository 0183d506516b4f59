import { Notice } from '../components/Notice.tsx'
import { TopBar } from '../components/TopBar.tsx'
import { texts } from '../i18n/language.ts'

export function NotFound() {
  const { empty, common } = texts()
  return (
    <>
      <TopBar />
      <Notice icon="lost" title={empty.notFound} about={empty.notFoundAbout}>
        <a class="button primary" href="/">
          {common.toStart}
        </a>
      </Notice>
    </>
  )
}
