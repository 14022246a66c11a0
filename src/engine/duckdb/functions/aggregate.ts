/** Aggregates, plain or over a window. */

import type { SqlType } from '../../../sql/types.ts'
import { comparable, field, isPlain } from '../print/comparison.ts'
import { letting, literal, parameterFor, picked, raise, type SqlText } from '../print/text.ts'
import { NARROW_DIGITS, storageType } from '../representation.ts'
import { type AggregateTranslation, aggregated } from './aggregated.ts'
import { sketchAggregates } from './sketches.ts'
import { argument, typeAt } from './translation.ts'

const native =
  (name: string): AggregateTranslation =>
  (call, modifiers) =>
    aggregated(name, call.args, modifiers)

/** The same aggregate, its result made the declared type. */
const nativeAs =
  (name: string): AggregateTranslation =>
  (call, modifiers) =>
    `CAST(${aggregated(name, call.args, modifiers)} AS ${storageType(call.result)})`

const count: AggregateTranslation = (call, modifiers) => {
  const type = typeAt(call, 0)
  return call.args.length === 0
    ? aggregated('count', ['*'], modifiers)
    : aggregated('count', [comparable(argument(call, 0), type)], modifiers)
}

const average: AggregateTranslation = (call, modifiers) => {
  const { result } = call
  const sum = aggregated('sum', call.args, modifiers)
  const rows = aggregated('count', call.args, modifiers)
  switch (result.kind) {
    case 'decimal':
      return letting(sum, (s) => letting(rows, (n) => decimalAverage(s, n, result)))
    case 'interval day to second':
    case 'interval year to month':
      return `CAST(${sum} // ${rows} AS ${storageType(result)})`
    default:
      return nativeAs('avg')(call, modifiers)
  }
}

/**
 * A quotient of whole numbers, halves away from zero, as long as the sum's digits fit into 64 bits; DuckDB's division of
 * 128 bits is slower than the one in JavaScript.
 */
function decimalAverage(sum: SqlText, rows: SqlText, result: SqlType & { kind: 'decimal' }): SqlText {
  const { scale } = result
  const type = storageType(result)
  const exact = `CAST(js_decimal_divide(CAST(${sum} AS VARCHAR), CAST(${rows} AS VARCHAR), ${scale}) AS ${type})`
  const wholeDigits = NARROW_DIGITS - 2 * scale
  if (wholeDigits < 1) return exact
  const narrow = (value: SqlText) => `CAST(${value} AS DECIMAL(${NARROW_DIGITS}, ${scale}))`
  const digits = `CAST(${narrow(`abs(${sum})`)} * ${10n ** BigInt(scale)} AS BIGINT)`
  const quotient = `CAST((${digits} * 2 + ${rows}) // (${rows} * 2) AS DECIMAL(${NARROW_DIGITS}, 0))`
  const unit = literal(scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`)
  const size = `${quotient} * CAST(${unit} AS DECIMAL(${scale + 1}, ${scale}))`
  const average = `CAST(CASE WHEN ${sum} < 0 THEN -(${size}) ELSE ${size} END AS ${type})`
  return `CASE WHEN abs(${sum}) < ${literal(`1${'0'.repeat(wholeDigits)}`)}::DECIMAL(38, ${scale}) THEN ${average} ELSE ${exact} END`
}

const extreme =
  (name: 'min' | 'max'): AggregateTranslation =>
  (call, modifiers) => {
    const type = typeAt(call, 0)
    const value = argument(call, 0)
    if (isPlain(type)) return aggregated(name, call.args, modifiers)
    const key = comparable(value, type)
    return aggregated(`arg_${name}`, [value, key, ...call.args.slice(1)], modifiers)
  }

const extremeBy =
  (name: 'min' | 'max'): AggregateTranslation =>
  (call, modifiers) => {
    const key = comparable(argument(call, 1), typeAt(call, 1))
    const some = call.args.length > 2
    return aggregated(
      some ? `arg_${name}` : `arg_${name}_null`,
      [argument(call, 0), key, ...call.args.slice(2)],
      modifiers,
    )
  }

/** A list of entries becomes a map, of equal keys the first. */
function mapOfEntries(entries: SqlText, comparableKey: (key: SqlText) => SqlText): SqlText {
  return letting(entries, (list) => {
    const e = parameterFor(list)
    const keys = `list_transform(${list}, lambda ${e}: CAST(${comparableKey(field(e, 'key'))} AS VARCHAR))`
    return `map_from_entries(${picked(list, `js_first_positions(${keys})`)})`
  })
}

const mapAgg: AggregateTranslation = (call, modifiers) => {
  const key = argument(call, 0)
  const entry = `struct_pack(key := ${key}, "value" := ${argument(call, 1)})`
  const entries = aggregated('list', [entry], modifiers, `${key} IS NOT NULL`)
  return mapOfEntries(entries, (k) => comparable(k, typeAt(call, 0)))
}

const mapUnion: AggregateTranslation = (call, modifiers) => {
  const type = typeAt(call, 0)
  const value = argument(call, 0)
  const entries = `flatten(${aggregated('list', [`map_entries(${value})`], modifiers, `${value} IS NOT NULL`)})`
  return mapOfEntries(entries, (k) => (type.kind === 'map' ? comparable(k, type.key) : k))
}

const multimapAgg: AggregateTranslation = (call, modifiers) => {
  const key = argument(call, 0)
  const entry = `struct_pack(key := ${key}, "value" := ${argument(call, 1)})`
  return letting(aggregated('list', [entry], modifiers, `${key} IS NOT NULL`), (list) =>
    groupedMap(list, (k) => comparable(k, typeAt(call, 0))),
  )
}

/** Entries grouped by key: each key with the list of its values, in the order they came. */
export function groupedMap(list: SqlText, comparableKey: (key: SqlText) => SqlText): SqlText {
  const e = parameterFor(list)
  const g = `${e}g`
  const keys = `list_transform(${list}, lambda ${e}: CAST(${comparableKey(field(e, 'key'))} AS VARCHAR))`
  const values = `list_transform(${picked(list, g)}, lambda ${e}: ${field(e, 'value')})`
  return `map_from_entries(list_transform(js_group_positions(${keys}), lambda ${g}: struct_pack(key := ${field(`${list}[${g}[1]]`, 'key')}, "value" := ${values})))`
}

const histogram: AggregateTranslation = (call, modifiers) => {
  const value = argument(call, 0)
  const type = typeAt(call, 0)
  if (isPlain(type)) return `CAST(${aggregated('histogram', [value], modifiers)} AS ${storageType(call.result)})`
  const list = aggregated('list', [value], modifiers, `${value} IS NOT NULL`)
  return letting(list, (l) => {
    const e = parameterFor(l)
    const keys = `list_transform(${l}, lambda ${e}: CAST(${comparable(e, type)} AS VARCHAR))`
    return `map_from_entries(list_transform(js_group_positions(${keys}), lambda ${e}: struct_pack(key := ${l}[${e}[1]], "value" := len(${e})::BIGINT)))`
  })
}

/** Exact, which is within every error the language allows. */
const approxDistinct: AggregateTranslation = (call, modifiers) =>
  aggregated('count', [comparable(argument(call, 0), typeAt(call, 0))], { ...modifiers, distinct: 'DISTINCT ' })

const approxPercentile: AggregateTranslation = (call, modifiers) => {
  if (call.args.length > 2) return weightedPercentile(call, modifiers)
  return `CAST(${aggregated('quantile_disc', call.args, modifiers)} AS ${storageType(call.result)})`
}

/** The first value in order at which the weights so far reach their share of all weights. */
const weightedPercentile: AggregateTranslation = (call, modifiers) => {
  const [value, weight, share] = [argument(call, 0), argument(call, 1), argument(call, 2)]
  const pair = `struct_pack(x := ${value}, w := ${weight})`
  const known = `${value} IS NOT NULL AND ${weight} IS NOT NULL`
  return letting(`list_sort(${aggregated('list', [pair], modifiers, known)})`, (list) => {
    const e = parameterFor(list)
    const shares = call.result.kind === 'array' ? share : `[${share}]`
    const positions = `js_weighted_positions(list_transform(${list}, lambda ${e}: ${field(e, 'w')}), ${shares})`
    const values = `list_transform(${picked(list, positions)}, lambda ${e}: ${field(e, 'x')})`
    return call.result.kind === 'array' ? values : `(${values})[1]`
  })
}

const approxMostFrequent: AggregateTranslation = (call, modifiers) => {
  const [buckets, value] = [argument(call, 0), argument(call, 1)]
  const counts = `map_entries(${aggregated('histogram', [value], modifiers)})`
  return letting(counts, (entries) => {
    const e = parameterFor(entries)
    const byCount = `list_transform(${entries}, lambda ${e}: struct_pack(n := ${field(e, 'value')}, k := ${field(e, 'key')}))`
    const first = `list_sort(${byCount}, 'DESC')[1:${buckets}]`
    return `CAST(map_from_entries(list_transform(${first}, lambda ${e}: struct_pack(key := ${field(e, 'k')}, "value" := ${field(e, 'n')}))) AS ${storageType(call.result)})`
  })
}

const numericHistogram: AggregateTranslation = (call, modifiers) => {
  const [buckets, value, weight] = [argument(call, 0), argument(call, 1), call.args[2] ?? '1']
  const pair = `struct_pack(key := CAST(${value} AS DOUBLE), "value" := CAST(${weight} AS DOUBLE))`
  const list = aggregated('list', [pair], modifiers, `${value} IS NOT NULL`)
  return `CAST(map_from_entries(js_numeric_histogram(${buckets}, ${list})) AS ${storageType(call.result)})`
}

/** The language's limit of one result of listagg, in bytes. */
const LISTAGG_BYTES_MAX = 1_048_576

const listagg: AggregateTranslation = (call, modifiers) => {
  const [value, separator] = [argument(call, 0), call.args[1] ?? "''"]
  const { truncate } = modifiers
  if (truncate !== undefined) {
    const list = aggregated('list', [value], modifiers, `${value} IS NOT NULL`)
    return `js_listagg(${list}, ${separator}, ${literal(truncate.filler)}, ${truncate.withCount}, ${LISTAGG_BYTES_MAX})`
  }
  return letting(aggregated('string_agg', [value, separator], modifiers), (text) => {
    const complaint = `Concatenated string has the length in bytes larger than the maximum output length ${LISTAGG_BYTES_MAX}`
    return `CASE WHEN strlen(${text}) > ${LISTAGG_BYTES_MAX} THEN ${raise('EXCEEDED_FUNCTION_MEMORY_LIMIT', literal(complaint), 'VARCHAR')} ELSE ${text} END`
  })
}

/** DuckDB corrects for the sample size, the language does not. */
const skewness: AggregateTranslation = (call, modifiers) => {
  const rows = `CAST(${aggregated('count', call.args, modifiers)} AS DOUBLE)`
  const corrected = aggregated('skewness', call.args, modifiers)
  return `(${corrected} * (${rows} - 2) / sqrt(${rows} * (${rows} - 1)))`
}

const reduceAgg: AggregateTranslation = (call, modifiers) => {
  const [state, item] = call.parameters
  const list = aggregated('list', [argument(call, 0)], modifiers, `${argument(call, 0)} IS NOT NULL`)
  const stateType = storageType(call.result)
  const step = call.lambda(2, field(state, 's'), field(item, 'x'))
  const start = `struct_pack(x := NULL::${storageType(typeAt(call, 0))}, s := ${argument(call, 1)})`
  return `struct_extract(list_reduce(list_transform(${list}, lambda ${item}: struct_pack(x := ${item}, s := NULL::${stateType})), lambda ${state}, ${item}: struct_pack(x := NULL::${storageType(typeAt(call, 0))}, s := ${step}), ${start}), 's')`
}

/** The values of a group together, given to a function over a list. */
const overList =
  (name: string): AggregateTranslation =>
  (call, modifiers) =>
    `${name}(${aggregated('list', call.args, modifiers, `${argument(call, 0)} IS NOT NULL`)})`

export const aggregateTranslations: Readonly<Record<string, AggregateTranslation>> = {
  convex_hull_agg: overList('js_geo_convex_hull'),
  geometry_union_agg: overList('js_geo_geometry_union'),
  count,
  count_if: (call, modifiers) => aggregated('count', [`CASE WHEN ${argument(call, 0)} THEN 1 END`], modifiers),
  sum: nativeAs('sum'),
  avg: average,
  min: extreme('min'),
  max: extreme('max'),
  min_by: extremeBy('min'),
  max_by: extremeBy('max'),
  arbitrary: native('any_value'),
  array_agg: native('list'),
  bool_and: native('bool_and'),
  bool_or: native('bool_or'),
  map_agg: mapAgg,
  multimap_agg: multimapAgg,
  map_union: mapUnion,
  histogram,
  listagg,
  approx_distinct: approxDistinct,
  approx_percentile: approxPercentile,
  approx_most_frequent: approxMostFrequent,
  numeric_histogram: numericHistogram,
  geometric_mean: (call, modifiers) =>
    `CAST(exp(${aggregated('avg', [`ln(CAST(${argument(call, 0)} AS DOUBLE))`], modifiers)}) AS ${storageType(call.result)})`,
  bitwise_and_agg: native('bit_and'),
  bitwise_or_agg: native('bit_or'),
  bitwise_xor_agg: native('bit_xor'),
  stddev: native('stddev_samp'),
  stddev_pop: native('stddev_pop'),
  variance: native('var_samp'),
  var_pop: native('var_pop'),
  skewness,
  kurtosis: native('kurtosis'),
  corr: nativeAs('corr'),
  covar_pop: nativeAs('covar_pop'),
  covar_samp: nativeAs('covar_samp'),
  regr_slope: nativeAs('regr_slope'),
  regr_intercept: nativeAs('regr_intercept'),
  reduce_agg: reduceAgg,
  ...sketchAggregates,
}
