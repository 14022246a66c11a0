/** Bytes. */
import { argument, native, type Translation, type Translations, typeAt } from './translation.ts'

/** Accepts text or the bytes of text. */
const decoding =
  (name: string): Translation =>
  (call) =>
    `${name}(${typeAt(call, 0).kind === 'varbinary' ? `js_from_utf8(${argument(call, 0)}, '\uFFFD')` : argument(call, 0)})`

export const binaryTranslations: Translations = {
  to_hex: (call) => `hex(${argument(call, 0)})`,
  from_hex: decoding('js_from_hex'),
  to_base64: native('to_base64'),
  from_base64: decoding('js_from_base64'),
  to_base64url: native('js_to_base64url'),
  from_base64url: decoding('js_from_base64url'),
  to_base32: native('js_to_base32'),
  from_base32: decoding('js_from_base32'),
  to_big_endian_32: native('js_to_big_endian_32'),
  from_big_endian_32: native('js_from_big_endian_32'),
  to_big_endian_64: native('js_to_big_endian_64'),
  from_big_endian_64: native('js_from_big_endian_64'),
  to_ieee754_32: (call) => `js_to_ieee754_32(${argument(call, 0)})`,
  from_ieee754_32: native('js_from_ieee754_32'),
  to_ieee754_64: native('js_to_ieee754_64'),
  from_ieee754_64: native('js_from_ieee754_64'),
  md5: (call) => `js_digest('md5', ${argument(call, 0)})`,
  sha1: (call) => `js_digest('sha1', ${argument(call, 0)})`,
  sha256: (call) => `js_digest('sha256', ${argument(call, 0)})`,
  sha512: (call) => `js_digest('sha512', ${argument(call, 0)})`,
  xxhash64: native('js_xxhash64'),
  murmur3: native('js_murmur3'),
  crc32: native('js_crc32'),
  hmac_md5: (call) => `js_hmac('md5', ${call.args.join(', ')})`,
  hmac_sha1: (call) => `js_hmac('sha1', ${call.args.join(', ')})`,
  hmac_sha256: (call) => `js_hmac('sha256', ${call.args.join(', ')})`,
  hmac_sha512: (call) => `js_hmac('sha512', ${call.args.join(', ')})`,
}
