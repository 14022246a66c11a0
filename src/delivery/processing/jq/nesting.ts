/** jq 1.6 reads no document that nests more deeply than this: it would end at it, and take tens of milliseconds to start again. */
const DEPTH_MAX = 256
export const TOO_DEEP = 'parse error: Exceeds depth limit for parsing'

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...Buffer.from('"\\[]{}')]

/** Of a document that is JSON. An object counts twice inside of another value: once for itself, once for the member's name. */
export function nestsTooDeeply(json: Uint8Array): boolean {
  if (!hasManyOpenings(json)) return false
  const open: number[] = []
  let depth = 0
  let isInString = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index]
    if (isInString) {
      if (byte === BACKSLASH) index++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (depth >= DEPTH_MAX) return true
      open.push(byte === OPEN_LIST ? 1 : 2)
      depth += byte === OPEN_LIST ? 1 : 2
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= open.pop() ?? 0
  }
  return false
}

/** Fewer brackets than this cannot nest too deeply, wherever they stand. */
function hasManyOpenings(json: Uint8Array): boolean {
  let openings = 0
  for (const opening of [OPEN_LIST, OPEN_OBJECT]) {
    for (let at = json.indexOf(opening as number); at >= 0; at = json.indexOf(opening as number, at + 1)) {
      if (++openings > DEPTH_MAX / 2) return true
    }
  }
  return false
}
