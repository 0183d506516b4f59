import { removeFolder, startMatchday, temporaryFolder } from '../support/matchday.ts'
import { tellTheStory } from './story.ts'

tellTheStory(async () => {
  const { url, dataDirectory, stop } = await startMatchday({ dataDirectory: await temporaryFolder() })
  const end = async () => {
    await stop()
    await removeFolder(dataDirectory)
  }
  return { url, stop: end }
})
