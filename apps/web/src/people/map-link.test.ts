import { expect, test } from 'vitest'
import { mapLink } from './map-link.ts'

const nowhere = { address: null, latitude: null, longitude: null }

test('coordinates are what counts, an address does as well', () => {
  const place = { address: 'Am Stadion 1\n12345 Ort', latitude: 52.5, longitude: -13.25 }
  expect(mapLink(place, true)).toBe('geo:52.5,-13.25?q=52.5,-13.25(Am%20Stadion%201%2C%2012345%20Ort)')
  expect(mapLink(place, false)).toBe(
    'https://www.openstreetmap.org/?mlat=52.5&mlon=-13.25#map=17/52.5/-13.25',
  )
  const address = { ...nowhere, address: 'Käse & Brot, <1>' }
  expect(mapLink(address, true)).toBe('geo:0,0?q=K%C3%A4se%20%26%20Brot%2C%20%3C1%3E')
  expect(mapLink(address, false)).toBe(
    'https://www.openstreetmap.org/search?query=K%C3%A4se%20%26%20Brot%2C%20%3C1%3E',
  )
  expect(mapLink({ ...nowhere, latitude: 0, longitude: 0 }, true)).toBe('geo:0,0?q=0,0')
})

test('nowhere has no link', () => {
  expect(mapLink(nowhere, true)).toBeNull()
  expect(mapLink({ ...nowhere, latitude: 1 }, false)).toBeNull()
})
