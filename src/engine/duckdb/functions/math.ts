/** Numbers: rounding, roots, trigonometry, bases, bits, distributions. */
import type { SqlType } from '../../../sql/types.ts'
import { extremeKey, isNested, isPlain } from '../print/comparison.ts'
import { letting, lettingAll, literal, raise, type SqlText } from '../print/text.ts'
import { storageType } from '../representation.ts'
import { argument, native, type Translation, type Translations, typeAt } from './translation.ts'

const isFloating = (type: SqlType) => type.kind === 'real' || type.kind === 'double'
const isInteger = (type: SqlType) => ['tinyint', 'smallint', 'integer', 'bigint'].includes(type.kind)

const as = (text: SqlText, type: SqlType) => `CAST(${text} AS ${storageType(type)})`

/** Integers are already whole. */
const whole =
  (name: string): Translation =>
  (call) =>
    isInteger(typeAt(call, 0)) ? argument(call, 0) : as(`${name}(${argument(call, 0)})`, call.result)

const round: Translation = (call) => {
  const type = typeAt(call, 0)
  const value = argument(call, 0)
  const digits = call.args[1]
  if (digits === undefined) {
    if (isInteger(type)) return value
    return isFloating(type)
      ? letting(value, (v) => `CASE WHEN isfinite(${v}) THEN round(${v}) ELSE ${v} END`)
      : as(value, call.result)
  }
  if (isInteger(type)) return `CAST(js_round_integer(${value}, ${digits}) AS ${storageType(type)})`
  if (type.kind === 'decimal') {
    return as(`js_decimal_round(CAST(${value} AS VARCHAR), ${digits}, ${type.scale})`, call.result)
  }
  return type.kind === 'real' ? `js_round_real(${value}, ${digits})` : `js_round_double(${value}, ${digits})`
}

const truncate: Translation = (call) => {
  const type = typeAt(call, 0)
  const value = argument(call, 0)
  const digits = call.args[1]
  if (digits === undefined) return as(`trunc(${value})`, call.result)
  if (type.kind === 'decimal') {
    return as(`js_decimal_truncate(CAST(${value} AS VARCHAR), ${digits}, ${type.scale})`, call.result)
  }
  return as(`js_truncate_double(CAST(${value} AS DOUBLE), ${digits})`, call.result)
}

const sign: Translation = (call) =>
  isFloating(typeAt(call, 0))
    ? letting(argument(call, 0), (v) => as(`CASE WHEN isnan(${v}) THEN ${v} ELSE sign(${v}) END`, call.result))
    : as(`sign(${argument(call, 0)})`, call.result)

/** A function that DuckDB refuses outside its domain and the language answers with NaN or an infinity. */
const within =
  (name: string, inside: (value: SqlText) => SqlText, outside = "'NaN'::DOUBLE"): Translation =>
  (call) =>
    letting(
      argument(call, 0),
      (v) => `CASE WHEN ${inside(v)} THEN ${name}(${v}) WHEN ${v} IS NOT NULL THEN ${outside} END`,
    )

const logarithm =
  (name: string): Translation =>
  (call) =>
    letting(
      argument(call, 0),
      (v) =>
        `CASE WHEN ${v} > 0 THEN ${name}(${v}) WHEN ${v} = 0 THEN '-Infinity'::DOUBLE WHEN ${v} IS NOT NULL THEN 'NaN'::DOUBLE END`,
    )

const unit = (v: SqlText) => `${v} BETWEEN -1 AND 1`
const notNegative = (v: SqlText) => `${v} >= 0`
const finite = (v: SqlText) => `isfinite(${v})`

/** The largest or smallest; NULL when any is NULL. NaN counts only when there is nothing else. */
const extreme =
  (operator: '>' | '<', name: string): Translation =>
  (call) => {
    const type = typeAt(call, 0)
    if (call.args.length === 1) return argument(call, 0)
    if (!isPlain(type) || isNested(type)) return call.args.reduce((best, next) => better(operator, best, next, type))
    return lettingAll(call.args, (args) => {
      const anyNull = args.map((each) => `${each} IS NULL`).join(' OR ')
      const numbers = args.map((each) => `CASE WHEN NOT isnan(${each}) THEN ${each} END`).join(', ')
      const best = isFloating(type)
        ? `coalesce(${name}(${numbers}), 'NaN'::${storageType(type)})`
        : `${name}(${args.join(', ')})`
      return `CASE WHEN ${anyNull} THEN NULL ELSE ${best} END`
    })
  }

function better(operator: '>' | '<', best: SqlText, next: SqlText, type: SqlType): SqlText {
  const unordered = operator === '>' ? 'first' : 'last'
  return lettingAll([best, next], ([b = best, n = next]) => {
    const wins = `${extremeKey(n, type, unordered)} ${operator} ${extremeKey(b, type, unordered)}`
    return `CASE WHEN ${b} IS NULL OR ${n} IS NULL THEN NULL WHEN ${wins} THEN ${n} ELSE ${b} END`
  })
}

const random: Translation = (call) => {
  if (call.args.length === 0) return 'random()'
  const type = storageType(call.result)
  const low = call.args.length === 2 ? argument(call, 0) : `0::${type}`
  const high = argument(call, call.args.length - 1)
  const complaint = raise('INVALID_FUNCTION_ARGUMENT', "'bound must be positive'", type)
  return `CASE WHEN ${high} <= ${low} THEN ${complaint} ELSE CAST(${low} + floor(random() * (${high}::DOUBLE - ${low}::DOUBLE)) AS ${type}) END`
}

const widthBucket: Translation = (call) =>
  call.args.length === 2 ? `js_width_bucket_bins(${call.args.join(', ')})` : `js_width_bucket(${call.args.join(', ')})`

const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 }

const shift =
  (name: string): Translation =>
  (call) => {
    const type = typeAt(call, 0)
    return as(
      `${name}(${argument(call, 0)}::BIGINT, ${argument(call, 1)}, ${BITS[type.kind] ?? 64}::BIGINT)`,
      call.result,
    )
  }

export const mathTranslations: Translations = {
  abs: (call) => as(`abs(${argument(call, 0)})`, call.result),
  ceiling: whole('ceil'),
  floor: whole('floor'),
  round,
  truncate,
  sign,
  sqrt: within('sqrt', notNegative),
  cbrt: native('cbrt'),
  exp: native('exp'),
  ln: logarithm('ln'),
  log2: logarithm('log2'),
  log10: logarithm('log10'),
  log: (call) => `js_log(${call.args.join(', ')})`,
  power: native('js_power'),
  degrees: native('degrees'),
  radians: native('radians'),
  sin: within('sin', finite),
  cos: within('cos', finite),
  tan: within('tan', finite),
  asin: within('asin', unit),
  acos: within('acos', unit),
  atan: native('atan'),
  atan2: native('atan2'),
  sinh: native('sinh'),
  cosh: native('cosh'),
  tanh: native('tanh'),
  pi: () => 'pi()',
  e: () => literal(String(Math.E)).concat('::DOUBLE'),
  nan: () => "'NaN'::DOUBLE",
  infinity: () => "'Infinity'::DOUBLE",
  is_nan: native('isnan'),
  is_finite: native('isfinite'),
  is_infinite: native('isinf'),
  random,
  width_bucket: widthBucket,
  to_base: native('js_to_base'),
  from_base: native('js_from_base'),
  cosine_distance: (call) => `(1 - js_vector_cosine(${call.args.join(', ')}))`,
  dot_product: native('js_vector_dot'),
  euclidean_distance: native('js_vector_distance'),
  t_cdf: native('js_t_cdf'),
  t_pdf: native('js_t_pdf'),
  cosine_similarity: (call) =>
    typeAt(call, 0).kind === 'array'
      ? `js_vector_cosine(${call.args.join(', ')})`
      : `js_cosine_similarity(map_keys(${argument(call, 0)}), map_values(${argument(call, 0)}), map_keys(${argument(call, 1)}), map_values(${argument(call, 1)}))`,
  normal_cdf: native('js_normal_cdf'),
  inverse_normal_cdf: native('js_inverse_normal_cdf'),
  beta_cdf: native('js_beta_cdf'),
  inverse_beta_cdf: native('js_inverse_beta_cdf'),
  wilson_interval_lower: native('js_wilson_lower'),
  wilson_interval_upper: native('js_wilson_upper'),
  greatest: extreme('>', 'greatest'),
  least: extreme('<', 'least'),
  bit_count: native('js_bit_count'),
  bitwise_and: (call) => `(${argument(call, 0)} & ${argument(call, 1)})`,
  bitwise_or: (call) => `(${argument(call, 0)} | ${argument(call, 1)})`,
  bitwise_xor: (call) => `xor(${argument(call, 0)}, ${argument(call, 1)})`,
  bitwise_not: (call) => `(~${argument(call, 0)})`,
  bitwise_left_shift: shift('js_shift_left'),
  bitwise_right_shift: shift('js_shift_right'),
  bitwise_right_shift_arithmetic: shift('js_shift_right_signed'),
}
