/** Bytes: encodings, digests, checksums, fixed-width numbers. */
import { type FunctionDeclaration, scalar } from './declare.ts'

const digest = (name: string) => scalar(name, ['(varbinary) -> varbinary'])
const keyed = (name: string) => scalar(name, ['(varbinary, varbinary) -> varbinary'])

export const binaryDeclarations: readonly FunctionDeclaration[] = [
  scalar('to_hex', ['(varbinary) -> varchar']),
  scalar('from_hex', ['(varchar(x)) -> varbinary', '(varbinary) -> varbinary']),
  scalar('to_base64', ['(varbinary) -> varchar']),
  scalar('from_base64', ['(varchar(x)) -> varbinary', '(varbinary) -> varbinary']),
  scalar('to_base64url', ['(varbinary) -> varchar']),
  scalar('from_base64url', ['(varchar(x)) -> varbinary', '(varbinary) -> varbinary']),
  scalar('to_base32', ['(varbinary) -> varchar']),
  scalar('from_base32', ['(varchar(x)) -> varbinary', '(varbinary) -> varbinary']),
  scalar('to_big_endian_32', ['(bigint) -> varbinary']),
  scalar('from_big_endian_32', ['(varbinary) -> integer']),
  scalar('to_big_endian_64', ['(bigint) -> varbinary']),
  scalar('from_big_endian_64', ['(varbinary) -> bigint']),
  scalar('to_ieee754_32', ['(real) -> varbinary']),
  scalar('from_ieee754_32', ['(varbinary) -> real']),
  scalar('to_ieee754_64', ['(double) -> varbinary']),
  scalar('from_ieee754_64', ['(varbinary) -> double']),
  digest('md5'),
  digest('sha1'),
  digest('sha256'),
  digest('sha512'),
  digest('xxhash64'),
  digest('murmur3'),
  digest('spooky_hash_v2_32'),
  digest('spooky_hash_v2_64'),
  scalar('crc32', ['(varbinary) -> bigint']),
  keyed('hmac_md5'),
  keyed('hmac_sha1'),
  keyed('hmac_sha256'),
  keyed('hmac_sha512'),
]
