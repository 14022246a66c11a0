/** Bytes: encodings, digests, fixed-width numbers, addresses. */
import { createHash, createHmac } from 'node:crypto'
import { crc32 } from '@node-rs/crc32'
import { addressBytes, addressText } from '../../print/ip-address.ts'
import { fail, invalidArgument, type JsFunction, js } from './define.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MAPPED_PREFIX = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])

function toBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  const groups = bits.match(/.{1,5}/g) ?? []
  const text = groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

function fromBase32(text: string): Uint8Array {
  const body = text.replace(/=+$/, '')
  let bits = ''
  for (const letter of body) {
    const value = BASE32.indexOf(letter)
    if (value < 0) return invalidArgument(`Unrecognized character: ${letter}`)
    bits += value.toString(2).padStart(5, '0')
  }
  if ([1, 3, 6].includes(body.length % 8)) return invalidArgument(`Invalid input length ${body.length}`)
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)))
}

function fromBase64(text: string, alphabet: RegExp): Uint8Array {
  const body = text.replace(/={1,2}$/, '')
  const padding = text.length - body.length
  const wrong = [...body].find((letter) => !alphabet.test(letter))
  if (wrong !== undefined) return invalidArgument(`Illegal base64 character ${wrong.charCodeAt(0).toString(16)}`)
  if (body.length % 4 === 1) return invalidArgument('Last unit does not have enough valid bits')
  if (padding > 0 && (body.length + padding) % 4 !== 0) {
    return invalidArgument('Input byte array has wrong 4-byte ending unit')
  }
  return Buffer.from(body, 'base64')
}

function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) {
    return invalidArgument(`input must contain an even number of characters, but was ${text.length} characters`)
  }
  const wrong = [...text].find((letter) => !/[0-9a-fA-F]/.test(letter))
  if (wrong !== undefined) return invalidArgument(`invalid hex character: ${wrong}`)
  return Buffer.from(text, 'hex')
}

function viewOf(bytes: Uint8Array, length: number, complaint: string): DataView {
  if (bytes.length !== length) invalidArgument(complaint)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function bytesOf(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length)
  write(new DataView(bytes.buffer))
  return bytes
}

const U64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotate = (value: bigint, by: bigint) => U64((value << by) | (U64(value) >> (64n - by)))

const XX = {
  one: 0x9e3779b185ebca87n,
  two: 0xc2b2ae3d27d4eb4fn,
  three: 0x165667b19e3779f9n,
  four: 0x85ebca77c2b2ae63n,
  five: 0x27d4eb2f165667c5n,
} as const

const round = (sum: bigint, input: bigint) => U64(rotate(U64(sum + input * XX.two), 31n) * XX.one)
const merge = (hash: bigint, value: bigint) => U64((hash ^ round(0n, value)) * XX.one + XX.four)

/** xxHash64 with seed 0. */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let hash: bigint = U64(XX.five)
  if (bytes.length >= 32) {
    let [a, b, c, d]: [bigint, bigint, bigint, bigint] = [U64(XX.one + XX.two), XX.two, 0n, U64(-XX.one)]
    for (; at + 32 <= bytes.length; at += 32) {
      a = round(a, view.getBigUint64(at, true))
      b = round(b, view.getBigUint64(at + 8, true))
      c = round(c, view.getBigUint64(at + 16, true))
      d = round(d, view.getBigUint64(at + 24, true))
    }
    hash = U64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n))
    for (const lane of [a, b, c, d]) hash = merge(hash, lane)
  }
  hash = U64(hash + BigInt(bytes.length))
  for (; at + 8 <= bytes.length; at += 8) {
    hash = U64(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * XX.one + XX.four)
  }
  if (at + 4 <= bytes.length) {
    hash = U64(rotate(hash ^ U64(BigInt(view.getUint32(at, true)) * XX.one), 23n) * XX.two + XX.three)
    at += 4
  }
  for (; at < bytes.length; at++) hash = U64(rotate(hash ^ U64(BigInt(bytes[at] ?? 0) * XX.five), 11n) * XX.one)
  hash = U64((hash ^ (hash >> 33n)) * XX.two)
  hash = U64((hash ^ (hash >> 29n)) * XX.three)
  return hash ^ (hash >> 32n)
}

const MURMUR = { one: 0x87c37b91114253d5n, two: 0x4cf5ad432745937fn } as const

function murmurFinal(value: bigint): bigint {
  let mixed = value
  mixed = U64((mixed ^ (mixed >> 33n)) * 0xff51afd7ed558ccdn)
  mixed = U64((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return mixed ^ (mixed >> 33n)
}

/** MurmurHash3, 128 bits, x64, seed 0; both halves little-endian. */
export function murmur3(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / 16) * 16)
  padded.set(bytes)
  const view = new DataView(padded.buffer)
  let [h1, h2]: [bigint, bigint] = [0n, 0n]
  const mixOne = (k: bigint) => U64(rotate(U64(k * MURMUR.one), 31n) * MURMUR.two)
  const mixTwo = (k: bigint) => U64(rotate(U64(k * MURMUR.two), 33n) * MURMUR.one)
  const blocks = Math.floor(bytes.length / 16)
  for (let block = 0; block < blocks; block++) {
    h1 ^= mixOne(view.getBigUint64(block * 16, true))
    h1 = U64(U64(rotate(h1, 27n) + h2) * 5n + 0x52dce729n)
    h2 ^= mixTwo(view.getBigUint64(block * 16 + 8, true))
    h2 = U64(U64(rotate(h2, 31n) + h1) * 5n + 0x38495ab5n)
  }
  if (bytes.length % 16 > 0) {
    h2 ^= mixTwo(view.getBigUint64(blocks * 16 + 8, true))
    h1 ^= mixOne(view.getBigUint64(blocks * 16, true))
  }
  h1 ^= BigInt(bytes.length)
  h2 ^= BigInt(bytes.length)
  h1 = U64(h1 + h2)
  h2 = U64(h2 + h1)
  h1 = murmurFinal(h1)
  h2 = murmurFinal(h2)
  h1 = U64(h1 + h2)
  h2 = U64(h2 + h1)
  return bytesOf(16, (out) => {
    out.setBigUint64(0, h1, true)
    out.setBigUint64(8, h2, true)
  })
}

function address(text: string): Uint8Array {
  return addressBytes(text) ?? fail('INVALID_CAST_ARGUMENT', `Cannot cast value to IPADDRESS: ${text}`)
}

function addressOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 4) return Buffer.concat([MAPPED_PREFIX, bytes])
  return bytes.length === 16
    ? bytes
    : fail('INVALID_CAST_ARGUMENT', `Invalid InetAddress binary length: ${bytes.length}`)
}

function within(network: string, inside: Uint8Array): boolean {
  const [text = '', prefix = ''] = network.split('/')
  const base = addressBytes(text)
  if (!network.includes('/') || base === undefined) return invalidArgument('Invalid CIDR')
  const isFour = !text.includes(':')
  const width = Number(prefix)
  if (!/^\d+$/.test(prefix) || width > (isFour ? 32 : 128)) return invalidArgument('Invalid prefix length')
  const bits = width + (isFour ? 96 : 0)
  for (let bit = bits; isFour && bit < 128; bit++) {
    if (((base[bit >> 3] ?? 0) & (0x80 >> (bit % 8))) !== 0) invalidArgument(`Invalid network IP: ${network}`)
  }
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >> (bit % 8)
    if (((base[bit >> 3] ?? 0) & mask) !== ((inside[bit >> 3] ?? 0) & mask)) return false
  }
  return true
}

function uuidOf(bytes: Uint8Array): string {
  if (bytes.length !== 16) return fail('INVALID_CAST_ARGUMENT', `Invalid UUID binary length: ${bytes.length}`)
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const byteFunctions: readonly JsFunction[] = [
  js('js_from_hex', ['VARCHAR'], 'BLOB', fromHex),
  js('js_from_base64', ['VARCHAR'], 'BLOB', (text) => fromBase64(text, /[A-Za-z0-9+/]/)),
  js('js_from_base64url', ['VARCHAR'], 'BLOB', (text) => fromBase64(text, /[A-Za-z0-9_-]/)),
  js('js_to_base64url', ['BLOB'], 'VARCHAR', (bytes) =>
    Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  ),
  js('js_to_base32', ['BLOB'], 'VARCHAR', toBase32),
  js('js_from_base32', ['VARCHAR'], 'BLOB', fromBase32),
  js('js_to_big_endian_32', ['BIGINT'], 'BLOB', (value) => {
    if (BigInt.asIntN(32, value) !== value) fail('NUMERIC_VALUE_OUT_OF_RANGE', `Out of range for integer: ${value}`)
    return bytesOf(4, (view) => view.setInt32(0, Number(value)))
  }),
  js('js_from_big_endian_32', ['BLOB'], 'INTEGER', (bytes) =>
    viewOf(bytes, 4, `expected 4-byte input, but got instead: ${bytes.length}`).getInt32(0),
  ),
  js('js_to_big_endian_64', ['BIGINT'], 'BLOB', (value) => bytesOf(8, (view) => view.setBigInt64(0, value))),
  js('js_from_big_endian_64', ['BLOB'], 'BIGINT', (bytes) =>
    viewOf(bytes, 8, `expected 8-byte input, but got instead: ${bytes.length}`).getBigInt64(0),
  ),
  js('js_to_ieee754_32', ['FLOAT'], 'BLOB', (value) => bytesOf(4, (view) => view.setFloat32(0, value))),
  js('js_from_ieee754_32', ['BLOB'], 'FLOAT', (bytes) =>
    viewOf(bytes, 4, 'Input floating-point value must be exactly 4 bytes long').getFloat32(0),
  ),
  js('js_to_ieee754_64', ['DOUBLE'], 'BLOB', (value) => bytesOf(8, (view) => view.setFloat64(0, value))),
  js('js_from_ieee754_64', ['BLOB'], 'DOUBLE', (bytes) =>
    viewOf(bytes, 8, 'Input floating-point value must be exactly 8 bytes long').getFloat64(0),
  ),
  js('js_digest', ['VARCHAR', 'BLOB'], 'BLOB', (algorithm, bytes) => createHash(algorithm).update(bytes).digest()),
  js('js_hmac', ['VARCHAR', 'BLOB', 'BLOB'], 'BLOB', (algorithm, bytes, key) => {
    if (key.length === 0) return invalidArgument('Empty key')
    return createHmac(algorithm, key).update(bytes).digest()
  }),
  js('js_crc32', ['BLOB'], 'BIGINT', (bytes) => BigInt(crc32(Buffer.from(bytes)))),
  js('js_xxhash64', ['BLOB'], 'BLOB', (bytes) => bytesOf(8, (view) => view.setBigUint64(0, xxHash64(bytes)))),
  js('js_murmur3', ['BLOB'], 'BLOB', murmur3),
  js('js_address', ['VARCHAR'], 'BLOB', address),
  js('js_address_of', ['BLOB'], 'BLOB', addressOf),
  js('js_address_text', ['BLOB'], 'VARCHAR', addressText),
  js('js_address_within', ['VARCHAR', 'BLOB'], 'BOOLEAN', within),
  js('js_uuid_of', ['BLOB'], 'VARCHAR', uuidOf),
]
