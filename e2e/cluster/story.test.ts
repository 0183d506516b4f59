import { tellTheStory } from '../browser/story.ts'
import { startCluster } from './cluster.ts'

/** The same evening, with every request and every socket at whichever process has the fewest. */
tellTheStory(async () => {
  const cluster = await startCluster({ gateways: 2, instances: 2, balancer: true, permissions: true })
  return { url: cluster.url, stop: async () => cluster[Symbol.asyncDispose]() }
})
