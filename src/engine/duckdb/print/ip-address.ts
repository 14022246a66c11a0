/** IP addresses as text and as the 16 bytes they are held in: IPv4 sits inside `::ffff:0:0/96`. */

/** undefined: not an address. */
export function addressBytes(text: string): Uint8Array | undefined {
  return text.includes(':') ? versionSix(text) : versionFour(text)
}

function versionFour(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const bytes = new Uint8Array(16)
  bytes.fill(0xff, 10, 12)
  for (const [index, part] of parts.entries()) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    bytes[12 + index] = Number(part)
  }
  return bytes
}

function versionSix(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = '', tail] = halves
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...left, ...Array<number>(tail === undefined ? 0 : missing).fill(0), ...right]
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

/** `1:2:192.0.2.1` counts four groups. */
function groups(text: string): number[] | undefined {
  if (text === '') return []
  const found: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes('.')) {
      const four = versionFour(part)
      if (four === undefined) return undefined
      found.push(((four[12] ?? 0) << 8) | (four[13] ?? 0), ((four[14] ?? 0) << 8) | (four[15] ?? 0))
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      found.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return found
}

/** As the language prints addresses: IPv4 dotted, IPv6 with its longest run of zero groups left out. */
export function addressText(bytes: Uint8Array): string {
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  if (mapped) return bytes.subarray(12).join('.')
  const values = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0))
  let bestStart = -1
  let bestLength = 1
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && values[start + length] === 0) length++
    if (length > bestLength) {
      bestStart = start
      bestLength = length
    }
  }
  const hex = values.map((value) => value.toString(16))
  if (bestStart < 0) return hex.join(':')
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`
}
