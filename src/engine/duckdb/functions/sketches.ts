/** Sketches are bytes in DuckDB: made of the list of a group's values by functions in JavaScript, and asked by others. */
import type { SqlType } from '../../../sql/types.ts'
import { field } from '../print/comparison.ts'
import { letting, parameterFor, type SqlText } from '../print/text.ts'
import { storageType } from '../representation.ts'
import { type AggregateTranslation, aggregated } from './aggregated.ts'
import { argument, type Translation, type Translations, typeAt } from './translation.ts'

/** A value's 64 bits of hash, by which sketches know it. */
function hashed(value: SqlText, type: SqlType): SqlText {
  switch (type.kind) {
    case 'double':
      return `js_hash_double(${value})`
    case 'varchar':
      return `js_hash_text(${value})`
    case 'varbinary':
      return `js_hash_bytes(${value})`
    case 'date':
      return `js_hash_bigint((${value} - DATE '1970-01-01')::BIGINT)`
    default:
      return `js_hash_bigint(${value})`
  }
}

export function sketchCardinality(sketch: SqlText, type: SqlType & { readonly kind: 'opaque' }): SqlText {
  return `${type.name === 'setdigest' ? 'js_set_digest' : 'js_hll'}_cardinality(${sketch})`
}

const ofHashes =
  (name: string): AggregateTranslation =>
  (call, modifiers) => {
    const value = argument(call, 0)
    return `${name}(${aggregated('list', [hashed(value, typeAt(call, 0))], modifiers, `${value} IS NOT NULL`)})`
  }

const overList =
  (name: string): AggregateTranslation =>
  (call, modifiers) =>
    `${name}(${aggregated('list', [argument(call, 0)], modifiers, `${argument(call, 0)} IS NOT NULL`)})`

/** Values with their weights; the rest of the arguments are the same for the whole group. */
const weighted =
  (name: string, rest: (args: readonly SqlText[]) => readonly SqlText[]): AggregateTranslation =>
  (call, modifiers) => {
    const [value, weight] = [argument(call, 0), call.args[1] ?? '1']
    const pair = `struct_pack(x := CAST(${value} AS DOUBLE), w := CAST(${weight} AS DOUBLE))`
    const known = `${value} IS NOT NULL AND ${weight} IS NOT NULL`
    return letting(aggregated('list', [pair], modifiers, known), (pairs) => {
      const e = parameterFor(pairs)
      const part = (key: string) => `list_transform(${pairs}, lambda ${e}: ${field(e, key)})`
      return `${name}(${[part('x'), part('w'), ...rest(call.args)].join(', ')})`
    })
  }

const ACCURACY_DEFAULT = '0.01'

/** The accuracy is one number of the whole group. */
const quantileDigest: AggregateTranslation = (call, modifiers) => {
  const accuracy = call.args[2]
  const of = accuracy === undefined ? ACCURACY_DEFAULT : aggregated('any_value', [accuracy], modifiers)
  return weighted('js_qdigest_of', () => [of])(call, modifiers)
}

const merge: AggregateTranslation = (call, modifiers) => {
  const type = typeAt(call, 0)
  const name = type.kind === 'opaque' ? type.name : ''
  const prefix = name === 'hyperloglog' ? 'hll' : name === 'tdigest' ? 'tdigest' : 'qdigest'
  return overList(`js_${prefix}_merged`)(call, modifiers)
}

function valuesOf(call: Parameters<Translation>[0], quantiles: SqlText): SqlText {
  const type = typeAt(call, 0)
  const isTdigest = type.kind === 'opaque' && type.name === 'tdigest'
  return `js_${isTdigest ? 'tdigest' : 'qdigest'}_values(${argument(call, 0)}, ${quantiles})`
}

export const sketchTranslations: Translations = {
  empty_approx_set: () => 'js_hll_empty()',
  value_at_quantile: (call) => `CAST(${valuesOf(call, `[${argument(call, 1)}]`)}[1] AS ${storageType(call.result)})`,
  values_at_quantiles: (call) => `CAST(${valuesOf(call, argument(call, 1))} AS ${storageType(call.result)})`,
  quantile_at_value: (call) => `js_qdigest_quantile(${argument(call, 0)}, CAST(${argument(call, 1)} AS DOUBLE))`,
  intersection_cardinality: (call) => `js_intersection_cardinality(${call.args.join(', ')})`,
  jaccard_index: (call) => `js_jaccard_index(${call.args.join(', ')})`,
  hash_counts: (call) => `map_from_entries(js_hash_counts(${argument(call, 0)}))`,
}

export const sketchAggregates: Readonly<Record<string, AggregateTranslation>> = {
  approx_set: ofHashes('js_hll_of'),
  make_set_digest: ofHashes('js_set_digest_of'),
  merge,
  merge_set_digest: overList('js_set_digest_merged'),
  tdigest_agg: (call, modifiers) =>
    call.args.length === 1
      ? overList('js_tdigest_of')(call, modifiers)
      : weighted('js_tdigest_weighted', () => [])(call, modifiers),
  qdigest_agg: quantileDigest,
}
