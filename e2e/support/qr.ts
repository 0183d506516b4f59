import readQr from 'jsqr'
import { PNG } from 'pngjs'

/** The text of the QR code in a picture, as a phone's camera would read it; throws when there is none. */
export function decodeQr(screenshot: Buffer): string {
  const { data, width, height } = PNG.sync.read(screenshot)
  const found = readQr(new Uint8ClampedArray(data), width, height)
  if (found === null) throw new Error('no QR code can be read in the screenshot')
  return found.data
}
