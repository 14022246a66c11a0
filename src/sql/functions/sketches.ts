/** Sketches: HyperLogLog, quantile digests, t-digests and set digests. `cardinality` and `merge` serve several of them. */
import { aggregate, type FunctionDeclaration, scalar } from './declare.ts'

/** What quantile digests are made of. */
const MEASURES = ['bigint', 'double', 'real'] as const

const ofEach = (signatures: (type: string) => readonly string[]) => MEASURES.flatMap(signatures)

export const sketchDeclarations: readonly FunctionDeclaration[] = [
  aggregate('approx_set', ['(bigint) -> hyperloglog', '(double) -> hyperloglog', '(varchar) -> hyperloglog']),
  scalar('empty_approx_set', ['() -> hyperloglog']),
  aggregate('merge', [
    '(hyperloglog) -> hyperloglog',
    '(tdigest) -> tdigest',
    ...ofEach((type) => [`(qdigest(${type})) -> qdigest(${type})`]),
  ]),
  aggregate('tdigest_agg', ['(double) -> tdigest', '(double, double) -> tdigest']),
  aggregate(
    'qdigest_agg',
    ofEach((type) => [
      `(${type}) -> qdigest(${type})`,
      `(${type}, bigint) -> qdigest(${type})`,
      `(${type}, bigint, double) -> qdigest(${type})`,
    ]),
  ),
  scalar('value_at_quantile', [
    '(tdigest, double) -> double',
    ...ofEach((type) => [`(qdigest(${type}), double) -> ${type}`]),
  ]),
  scalar('values_at_quantiles', [
    '(tdigest, array(double)) -> array(double)',
    ...ofEach((type) => [`(qdigest(${type}), array(double)) -> array(${type})`]),
  ]),
  scalar(
    'quantile_at_value',
    ofEach((type) => [`(qdigest(${type}), ${type}) -> double`]),
  ),
  aggregate('make_set_digest', [
    '(bigint) -> setdigest',
    '(double) -> setdigest',
    '(varchar) -> setdigest',
    '(varbinary) -> setdigest',
    '(date) -> setdigest',
  ]),
  aggregate('merge_set_digest', ['(setdigest) -> setdigest']),
  scalar('intersection_cardinality', ['(setdigest, setdigest) -> bigint']),
  scalar('jaccard_index', ['(setdigest, setdigest) -> double']),
  scalar('hash_counts', ['(setdigest) -> map(bigint, smallint)']),
]
