type Place = { address: string | null; latitude: number | null; longitude: number | null }

const zoom = 17

/**
 * An address that opens maps: the device's own app on phones (`geo:`, RFC 5870), a page elsewhere. Nothing is loaded
 * before somebody follows it.
 */
export function mapLink({ address, latitude, longitude }: Place, isPhone: boolean): string | null {
  const name = address === null ? '' : encodeURIComponent(address.replace(/\s*\n\s*/g, ', '))
  if (latitude !== null && longitude !== null) {
    const point = `${latitude},${longitude}`
    return isPhone
      ? `geo:${point}?q=${point}${name === '' ? '' : `(${name})`}`
      : `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=${zoom}/${latitude}/${longitude}`
  }
  if (name === '') return null
  return isPhone ? `geo:0,0?q=${name}` : `https://www.openstreetmap.org/search?query=${name}`
}
