/** HyperLogLog, t-digest, quantile digest and set digest as functions: made of lists, merged, asked. */
import { murmur3 } from '../bytes.ts'
import { type JsFunction, js } from '../define.ts'
import { cardinality, emptySketch, mergedSketch, sketchOf } from './hyperloglog.ts'
import { mergedQuantileDigest, quantileDigestOf, quantileOf, quantileValues } from './qdigest.ts'
import {
  hashCounts,
  intersectionCardinality,
  jaccardIndex,
  mergedSetDigest,
  setCardinality,
  setDigestOf,
} from './set-digest.ts'
import { digestOf, mergedDigest, valuesAt } from './tdigest.ts'

/** The first 64 bits of MurmurHash3, of a value's little-endian bytes: Trino's hash for sketches. */
function hashOf(bytes: Uint8Array): bigint {
  return Buffer.from(murmur3(bytes)).readBigInt64LE(0)
}

function ofNumber(write: (bytes: Buffer) => void): bigint {
  const bytes = Buffer.alloc(8)
  write(bytes)
  return hashOf(bytes)
}

export const sketchFunctions: readonly JsFunction[] = [
  js('js_hash_bigint', ['BIGINT'], 'BIGINT', (value) => ofNumber((bytes) => bytes.writeBigInt64LE(value))),
  js('js_hash_double', ['DOUBLE'], 'BIGINT', (value) => ofNumber((bytes) => bytes.writeDoubleLE(value))),
  js('js_hash_text', ['VARCHAR'], 'BIGINT', (value) => hashOf(Buffer.from(value))),
  js('js_hash_bytes', ['BLOB'], 'BIGINT', hashOf),
  js('js_hll_of', ['BIGINT[]'], 'BLOB', sketchOf),
  js('js_hll_empty', [], 'BLOB', emptySketch),
  js('js_hll_merged', ['BLOB[]'], 'BLOB', mergedSketch),
  js('js_hll_cardinality', ['BLOB'], 'BIGINT', cardinality),
  js('js_tdigest_of', ['DOUBLE[]'], 'BLOB', (values) => digestOf(values)),
  js('js_tdigest_weighted', ['DOUBLE[]', 'DOUBLE[]'], 'BLOB', digestOf),
  js('js_tdigest_merged', ['BLOB[]'], 'BLOB', mergedDigest),
  js('js_tdigest_values', ['BLOB', 'DOUBLE[]'], 'DOUBLE[]', valuesAt),
  js('js_qdigest_of', ['DOUBLE[]', 'DOUBLE[]', 'DOUBLE'], 'BLOB', quantileDigestOf),
  js('js_qdigest_merged', ['BLOB[]'], 'BLOB', mergedQuantileDigest),
  js('js_qdigest_values', ['BLOB', 'DOUBLE[]'], 'DOUBLE[]', quantileValues),
  js('js_qdigest_quantile', ['BLOB', 'DOUBLE'], 'DOUBLE', quantileOf),
  js('js_set_digest_of', ['BIGINT[]'], 'BLOB', setDigestOf),
  js('js_set_digest_merged', ['BLOB[]'], 'BLOB', mergedSetDigest),
  js('js_set_digest_cardinality', ['BLOB'], 'BIGINT', setCardinality),
  js('js_jaccard_index', ['BLOB', 'BLOB'], 'DOUBLE', jaccardIndex),
  js('js_intersection_cardinality', ['BLOB', 'BLOB'], 'BIGINT', intersectionCardinality),
  js('js_hash_counts', ['BLOB'], 'STRUCT(key BIGINT, "value" SMALLINT)[]', hashCounts),
]
