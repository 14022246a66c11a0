/** Aggregates. Every one can also stand over a window. */
import { aggregate, type FunctionDeclaration } from './declare.ts'

const ofDoubles = (name: string, aliases: readonly string[] = []) =>
  aggregate(name, ['(double) -> double'], { aliases })
const ofPairs = (name: string) => aggregate(name, ['(double, double) -> double', '(real, real) -> real'])

export const aggregateDeclarations: readonly FunctionDeclaration[] = [
  aggregate('count', ['() -> bigint', '(T) -> bigint']),
  aggregate('count_if', ['(boolean) -> bigint']),
  aggregate('sum', [
    '(bigint) -> bigint',
    '(double) -> double',
    '(real) -> real',
    '(decimal(p, s)) -> decimal(38, s)',
    '(interval day to second) -> interval day to second',
    '(interval year to month) -> interval year to month',
  ]),
  aggregate('avg', [
    '(bigint) -> double',
    '(double) -> double',
    '(real) -> real',
    '(decimal(p, s)) -> decimal(p, s)',
    '(interval day to second) -> interval day to second',
    '(interval year to month) -> interval year to month',
  ]),
  aggregate('min', ['(T:orderable) -> T', '(T:orderable, bigint) -> array(T)']),
  aggregate('max', ['(T:orderable) -> T', '(T:orderable, bigint) -> array(T)']),
  aggregate('min_by', ['(V, K:orderable) -> V', '(V, K:orderable, bigint) -> array(V)']),
  aggregate('max_by', ['(V, K:orderable) -> V', '(V, K:orderable, bigint) -> array(V)']),
  aggregate('arbitrary', ['(T) -> T'], { aliases: ['any_value'] }),
  aggregate('array_agg', ['(T) -> array(T)']),
  aggregate('bool_and', ['(boolean) -> boolean'], { aliases: ['every'] }),
  aggregate('bool_or', ['(boolean) -> boolean']),
  aggregate('map_agg', ['(K:comparable, V) -> map(K, V)']),
  aggregate('multimap_agg', ['(K:comparable, V) -> map(K, array(V))']),
  aggregate('map_union', ['(map(K:comparable, V)) -> map(K, V)']),
  aggregate('histogram', ['(T:comparable) -> map(T, bigint)']),
  aggregate('listagg', ['(varchar(x), varchar(y)) -> varchar', '(varchar(x)) -> varchar']),
  aggregate('approx_distinct', ['(T:comparable) -> bigint', '(T:comparable, double) -> bigint', '(boolean) -> bigint']),
  aggregate('approx_percentile', [
    ...['bigint', 'double', 'real'].flatMap((type) => [
      `(${type}, double) -> ${type}`,
      `(${type}, double, double) -> ${type}`,
      `(${type}, array(double)) -> array(${type})`,
      `(${type}, double, array(double)) -> array(${type})`,
    ]),
  ]),
  aggregate('approx_most_frequent', [
    '(bigint, bigint, bigint) -> map(bigint, bigint)',
    '(bigint, varchar, bigint) -> map(varchar, bigint)',
  ]),
  aggregate('checksum', ['(T) -> varbinary']),
  aggregate('geometric_mean', ['(bigint) -> double', '(double) -> double', '(real) -> real']),
  aggregate('bitwise_and_agg', ['(bigint) -> bigint']),
  aggregate('bitwise_or_agg', ['(bigint) -> bigint']),
  aggregate('bitwise_xor_agg', ['(bigint) -> bigint']),
  ofDoubles('stddev', ['stddev_samp']),
  ofDoubles('stddev_pop'),
  ofDoubles('variance', ['var_samp']),
  ofDoubles('var_pop'),
  ofDoubles('skewness'),
  ofDoubles('kurtosis'),
  ofPairs('corr'),
  ofPairs('covar_pop'),
  ofPairs('covar_samp'),
  ofPairs('regr_slope'),
  ofPairs('regr_intercept'),
  aggregate('numeric_histogram', [
    '(bigint, double) -> map(double, double)',
    '(bigint, double, double) -> map(double, double)',
    '(bigint, real) -> map(real, real)',
    '(bigint, real, double) -> map(real, real)',
  ]),
  aggregate('reduce_agg', ['(T, S, function(S, T, S), function(S, S, S)) -> S']),
]
