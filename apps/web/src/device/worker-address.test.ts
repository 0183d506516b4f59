import { afterEach, expect, it, vi } from 'vitest'
import { serviceWorkerAddress } from './worker-address.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('is a plain text where browsers take those', () => {
  vi.stubGlobal('trustedTypes', undefined)
  expect(serviceWorkerAddress()).toBe('/sw.js')
})

it('comes from the policy that the server allows, which gives out nothing else', () => {
  const rules: Record<string, { createScriptURL(text: string): string }> = {}
  vi.stubGlobal('trustedTypes', {
    createPolicy(name: string, own: { createScriptURL(text: string): string }) {
      rules[name] = own
      return { createScriptURL: (text: string) => `trusted ${own.createScriptURL(text)}` }
    },
  })
  expect(serviceWorkerAddress()).toBe('trusted /sw.js')
  expect(Object.keys(rules)).toEqual(['matchday'])
  expect(() => rules.matchday?.createScriptURL('https://evil.example/sw.js')).toThrow(TypeError)
})
