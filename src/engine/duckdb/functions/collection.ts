/** Arrays and maps. */
import type { SqlType } from '../../../sql/types.ts'
import { castText } from '../print/cast.ts'
import {
  anyOf,
  comparable,
  compare,
  extremeKey,
  field,
  isNested,
  isPlain,
  mapGet,
  mapHas,
} from '../print/comparison.ts'
import { microsOf, packTimestamp, picosOf } from '../print/datetime-cast.ts'
import { letting, lettingAll, literal, parameterFor, picked, raise, type SqlText } from '../print/text.ts'
import { rowFieldKeys, storageType } from '../representation.ts'
import { groupedMap } from './aggregate.ts'
import { sketchCardinality } from './sketches.ts'
import { argument, type CallSite, type Translation, type Translations, typeAt } from './translation.ts'

function elementOf(type: SqlType): SqlType {
  return type.kind === 'array' ? type.element : type
}

function keyOf(type: SqlType): SqlType {
  return type.kind === 'map' ? type.key : type
}

function invalid(message: SqlText, type: string): SqlText {
  return raise('INVALID_FUNCTION_ARGUMENT', message, type)
}

/** Texts that tell elements apart and sort nothing: what JavaScript compares instead of values of every type. */
function identities(list: SqlText, type: SqlType): SqlText {
  const e = parameterFor(list, 'identity')
  const inner = comparable(e, type)
  return `list_transform(${list}, lambda ${e}: CAST(${inner} AS VARCHAR))`
}

const cardinality: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind === 'opaque') return sketchCardinality(argument(call, 0), type)
  return `CAST(${type.kind === 'map' ? 'cardinality' : 'len'}(${argument(call, 0)}) AS BIGINT)`
}

const elementAt: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind === 'map') return mapGet(argument(call, 0), argument(call, 1), type.key)
  return letting(argument(call, 0), (list) =>
    letting(argument(call, 1), (index) => {
      const zero = invalid("'SQL array indices start at 1'", storageType(call.result))
      return `CASE WHEN ${index} = 0 THEN ${zero} WHEN abs(${index}) <= len(${list}) THEN ${list}[${index}] END`
    }),
  )
}

/**
 * The language refuses to look for what cannot be told from an element with unknown parts; elements that are themselves
 * NULL do not count. `found`: unless it was found before.
 */
function unknownHits(call: CallSite, list: SqlText, hits: SqlText, unless: 'found' | 'never'): SqlText {
  if (!isNested(elementOf(typeAt(call, 0)))) return ''
  const complaint = `${call.name} does not support arrays with elements that are null or contain null`
  const found = unless === 'found' ? ` AND NOT coalesce(list_contains(${hits}, true), false)` : ''
  const refusal = raise('NOT_SUPPORTED', literal(complaint), storageType(call.result))
  return `WHEN list_count(${hits}) < list_count(${list})${found} THEN ${refusal}`
}

/** true, or unknown when not found but an element is NULL. */
const contains: Translation = (call) => {
  if (typeAt(call, 0).kind !== 'array') return `js_address_within(${call.args.join(', ')})`
  const type = elementOf(typeAt(call, 0))
  return letting(argument(call, 0), (list) =>
    letting(argument(call, 1), (value) => {
      const e = parameterFor(list, value)
      const hits = `list_transform(${list}, lambda ${e}: ${compare('=', e, value, type)})`
      return `CASE WHEN ${list} IS NULL OR ${value} IS NULL THEN NULL ${unknownHits(call, list, hits, 'found')} ELSE ${anyOf(hits)} END`
    }),
  )
}

const containsSequence: Translation = (call) =>
  `js_contains_sequence(${identities(argument(call, 0), elementOf(typeAt(call, 0)))}, ${identities(argument(call, 1), elementOf(typeAt(call, 1)))})`

const position: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  return letting(argument(call, 0), (list) =>
    letting(argument(call, 1), (value) => {
      const e = parameterFor(list, value)
      const instance = call.args[2]
      const hits = `list_transform(${list}, lambda ${e}: ${compare('=', e, value, type)})`
      if (instance === undefined) {
        return `CASE WHEN ${list} IS NULL OR ${value} IS NULL THEN NULL ${unknownHits(call, list, hits, 'found')} ELSE coalesce(list_position(${hits}, true), 0)::BIGINT END`
      }
      return `CASE WHEN ${list} IS NULL OR ${value} IS NULL THEN NULL ELSE js_nth_true(${hits}, ${instance}) END`
    }),
  )
}

const remove: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  return letting(argument(call, 0), (list) =>
    letting(argument(call, 1), (value) => {
      const e = parameterFor(list, value)
      const hits = `list_transform(${list}, lambda ${e}: ${compare('=', e, value, type)})`
      return `CASE WHEN ${value} IS NULL THEN NULL ${unknownHits(call, list, hits, 'never')} ELSE list_filter(${list}, lambda ${e}: coalesce(NOT ${compare('=', e, value, type)}, true)) END`
    }),
  )
}

/** First occurrences, NULL counted as a value. */
function distinctList(list: SqlText, type: SqlType): SqlText {
  return letting(list, (l) => picked(l, `js_distinct_positions(${identities(l, type)})`))
}

const distinct: Translation = (call) => distinctList(argument(call, 0), elementOf(typeAt(call, 0)))

const setOperation =
  (operation: 'intersect' | 'except'): Translation =>
  (call) => {
    const type = elementOf(typeAt(call, 0))
    return letting(argument(call, 0), (left) =>
      letting(argument(call, 1), (right) =>
        picked(left, `js_${operation}_positions(${identities(left, type)}, ${identities(right, type)})`),
      ),
    )
  }

const union: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  return letting(argument(call, 0), (left) =>
    letting(
      argument(call, 1),
      (right) =>
        `CASE WHEN ${left} IS NOT NULL AND ${right} IS NOT NULL THEN ${distinctList(`list_concat(${left}, ${right})`, type)} END`,
    ),
  )
}

const overlap: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  return `js_overlap(${identities(argument(call, 0), type)}, ${identities(argument(call, 1), type)})`
}

const join: Translation = (call) => {
  const list = argument(call, 0)
  const type = elementOf(typeAt(call, 0))
  const e = parameterFor(list, 'join')
  const shown = castText(e, type, { kind: 'varchar', length: undefined })
  const texts = `list_transform(${list}, lambda ${e}: ${shown})`
  return `js_array_join(${texts}, ${argument(call, 1)}, ${call.args[2] ?? 'NULL::VARCHAR'}, ${call.args[2] === undefined})`
}

/** NULL when an element is NULL; NaN only when there is nothing else. */
const extreme =
  (name: 'min' | 'max'): Translation =>
  (call) => {
    const type = elementOf(typeAt(call, 0))
    return letting(argument(call, 0), (list) => {
      const anyNull = `len(${list}) <> list_count(${list})`
      if (type.kind === 'double' || type.kind === 'real') {
        const e = parameterFor(list)
        const numbers = `list_filter(${list}, lambda ${e}: NOT isnan(${e}))`
        return `CASE WHEN ${anyNull} THEN NULL ELSE coalesce(list_${name}(${numbers}), ${list}[1]) END`
      }
      if (isPlain(type) && !isNested(type)) return `CASE WHEN ${anyNull} THEN NULL ELSE list_${name}(${list}) END`
      const e = parameterFor(list)
      const key = extremeKey(e, type, name === 'max' ? 'first' : 'last')
      const keyed = `list_transform(${list}, lambda ${e}, ${e}i: struct_pack(k := ${key}, i := ${e}i))`
      return `CASE WHEN ${anyNull} THEN NULL ELSE ${list}[${field(`list_${name}(${keyed})`, 'i')}] END`
    })
  }

function sortedBy(list: SqlText, type: SqlType, direction: 'ASC' | 'DESC'): SqlText {
  if (isPlain(type)) return `list_sort(${list}, '${direction}', 'NULLS LAST')`
  const e = parameterFor(list, 'sort')
  const keyed = `list_transform(${list}, lambda ${e}, ${e}i: struct_pack(n := ${e} IS NULL, k := ${comparable(e, type)}, i := ${e}i))`
  return `list_transform(list_sort(${keyed}, '${direction}', 'NULLS LAST'), lambda ${e}: ${list}[${field(e, 'i')}])`
}

/**
 * With a comparator every element is ranked by how many go before it: as many comparisons as pairs, and stable. The
 * comparator may not give NULL.
 */
const sort: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  if (call.args.length === 1) return letting(argument(call, 0), (list) => sortedBy(list, type, 'ASC'))
  const [x, y] = call.parameters
  return letting(argument(call, 0), (list) => {
    const order = `(${call.lambda(1, y, x)})`
    const checked = invalid("'Lambda comparator must return either -1, 0, or 1'", 'INTEGER')
    const compared = letting(order, (o) => `CASE WHEN ${o} BETWEEN -1 AND 1 THEN ${o} ELSE ${checked} END`)
    const before = `list_count(list_filter(list_transform(${list}, lambda ${y}, ${y}i: CASE WHEN ${y}i = ${x}i THEN NULL WHEN (${compared}) < 0 OR ((${compared}) = 0 AND ${y}i < ${x}i) THEN true END), lambda ${y}: ${y}))`
    const ranked = `list_transform(${list}, lambda ${x}, ${x}i: struct_pack(r := ${before}, i := ${x}i))`
    return `list_transform(list_sort(${ranked}), lambda ${x}: ${list}[${field(x, 'i')}])`
  })
}

const histogram: Translation = (call) => {
  const type = elementOf(typeAt(call, 0))
  const [e] = call.parameters
  return letting(argument(call, 0), (all) =>
    letting(`list_filter(${all}, lambda ${e}: ${e} IS NOT NULL)`, (list) => {
      const groups = `js_group_positions(${identities(list, type)})`
      const entries = `list_transform(${groups}, lambda ${e}: struct_pack(key := ${list}[${e}[1]], "value" := len(${e})::BIGINT))`
      return `map_from_entries(${entries})`
    }),
  )
}

const combinations: Translation = (call) => {
  const [e] = call.parameters
  return letting(
    argument(call, 0),
    (list) =>
      `list_transform(js_combinations(len(${list})::BIGINT, ${argument(call, 1)}), lambda ${e}: ${picked(list, e)})`,
  )
}

const flatten: Translation = (call) => `flatten(${argument(call, 0)})`

const repeat: Translation = (call) => {
  const [e] = call.parameters
  const negative = invalid(
    "'count argument of repeat function must be greater than or equal to 0'",
    storageType(call.result),
  )
  const large = invalid(
    "'count argument of repeat function must be less than or equal to 10000'",
    storageType(call.result),
  )
  return letting(argument(call, 0), (value) =>
    letting(
      argument(call, 1),
      (n) =>
        `CASE WHEN ${n} < 0 THEN ${negative} WHEN ${n} > 10000 THEN ${large} ELSE list_transform(range(${n}), lambda ${e}: ${value}) END`,
    ),
  )
}

const SEQUENCE_ENTRIES_MAX = 10_000

const sequence: Translation = (call) => {
  const type = typeAt(call, 0)
  const step = call.args[2]
  const [e] = call.parameters
  const result = storageType(call.result)
  const tooMany = literal(`result of sequence function must not have more than ${SEQUENCE_ENTRIES_MAX} entries`)
  return letting(argument(call, 0), (start) =>
    letting(argument(call, 1), (stop) => {
      const checked = (by: SqlText, steps: SqlText, items: SqlText, forward: SqlText) =>
        letting(
          by,
          (s) =>
            `CASE WHEN ${start} IS NULL OR ${stop} IS NULL OR ${s} IS NULL THEN NULL WHEN ${s} = 0 THEN ${invalid("'step must not be zero'", result)} WHEN NOT (${forward.replaceAll('STEP', s)}) THEN ${invalid("'sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start'", result)} WHEN ${steps.replaceAll('STEP', s)} >= ${SEQUENCE_ENTRIES_MAX} THEN ${invalid(tooMany, result)} ELSE ${items.replaceAll('STEP', s)} END`,
        )
      const forward = `(STEP > 0 AND ${stop} >= ${start}) OR (STEP < 0 AND ${stop} <= ${start})`
      const either = `CASE WHEN ${stop} >= ${start} THEN 1 ELSE -1 END::BIGINT`
      if (type.kind === 'bigint') {
        const steps = `(${stop}::HUGEINT - ${start}::HUGEINT) // STEP`
        return checked(
          step ?? either,
          steps,
          `list_transform(range((${steps})::BIGINT + 1), lambda ${e}: ${start} + ${e} * STEP)`,
          forward,
        )
      }
      if (typeAt(call, 2).kind === 'interval year to month') {
        const months = `js_months_between(${microsOfPoint(start, type)}, ${microsOfPoint(stop, type)}) // STEP`
        const item = movedPoint(start, type, `to_months(CAST(${e} * STEP AS INTEGER))`)
        return checked(
          step ?? '1',
          months,
          `list_transform(range((${months})::BIGINT + 1), lambda ${e}: ${item})`,
          forward,
        )
      }
      if (type.kind === 'date') {
        const days = step === undefined ? either : `(${step} // 86400000)`
        const steps = `(${stop} - ${start}) // STEP`
        return checked(
          days,
          steps,
          `list_transform(range((${steps})::BIGINT + 1), lambda ${e}: ${start} + CAST(${e} * STEP AS INTEGER))`,
          forward,
        )
      }
      const steps = `(${microsOfPoint(stop, type)} - ${microsOfPoint(start, type)}) // (STEP * 1000)`
      const item = movedPoint(start, type, `to_microseconds(${e} * STEP * 1000)`)
      return checked(step ?? '1', steps, `list_transform(range((${steps})::BIGINT + 1), lambda ${e}: ${item})`, forward)
    }),
  )
}

function microsOfPoint(value: SqlText, type: SqlType): SqlText {
  if (type.kind === 'timestamp') return `epoch_us(${microsOf(value, type)})`
  return `epoch_us(CAST(${value} AS TIMESTAMP))`
}

function movedPoint(value: SqlText, type: SqlType, span: SqlText): SqlText {
  if (type.kind === 'date') return `CAST(${value} + ${span} AS DATE)`
  if (type.kind !== 'timestamp') return value
  return packTimestamp(type, `(${microsOf(value, type)} + ${span})`, picosOf(value, type), '')
}

const slice: Translation = (call) => {
  const result = storageType(call.result)
  return letting(argument(call, 0), (list) =>
    letting(argument(call, 1), (start) =>
      letting(argument(call, 2), (length) => {
        const from = `CASE WHEN ${start} < 0 THEN len(${list}) + ${start} + 1 ELSE ${start} END`
        return `CASE WHEN ${list} IS NULL OR ${start} IS NULL OR ${length} IS NULL THEN NULL WHEN ${start} = 0 THEN ${invalid("'SQL array indices start at 1'", result)} WHEN ${length} < 0 THEN ${invalid("'length must be greater than or equal to 0'", result)} WHEN ${length} = 0 OR abs(${start}) > len(${list}) THEN CAST([] AS ${result}) ELSE ${list}[(${from}):least(len(${list}), (${from})::HUGEINT + ${length} - 1)::BIGINT] END`
      }),
    ),
  )
}

const trimArray: Translation = (call) => {
  const result = storageType(call.result)
  return letting(argument(call, 0), (list) =>
    letting(
      argument(call, 1),
      (n) =>
        `CASE WHEN ${n} < 0 THEN ${invalid("'size must not be negative: ' || ".concat(n), result)} WHEN ${n} > len(${list}) THEN ${invalid(`'size must not exceed array cardinality ' || len(${list}) || ': ' || ${n}`, result)} WHEN ${n} = len(${list}) THEN CAST([] AS ${result}) ELSE ${list}[1:len(${list}) - ${n}] END`,
    ),
  )
}

const zip: Translation = (call) => {
  const [i] = call.parameters
  const element = elementOf(call.result)
  const keys = element.kind === 'row' ? rowFieldKeys(element.fields) : []
  const bind = (index: number, names: readonly SqlText[]): SqlText => {
    if (index < call.args.length) {
      return letting(argument(call, index), (list) => bind(index + 1, [...names, list]))
    }
    const fields = names.map((name, at) => `"${keys[at] ?? ''}" := ${name}[${i}]`)
    const known = names.map((name) => `${name} IS NOT NULL`).join(' AND ')
    return `CASE WHEN ${known} THEN list_transform(range(1, greatest(${names.map((name) => `len(${name})`).join(', ')}) + 1), lambda ${i}: struct_pack(${fields.join(', ')})) END`
  }
  return bind(0, [])
}

const transform: Translation = (call) => {
  const [x] = call.parameters
  return `list_transform(${argument(call, 0)}, lambda ${x}: ${call.lambda(1, x)})`
}

const filter: Translation = (call) => {
  const [x] = call.parameters
  return `list_filter(${argument(call, 0)}, lambda ${x}: ${call.lambda(1, x)})`
}

/** DuckDB wants state and elements of one type, so both travel in a struct. */
const reduce: Translation = (call) => {
  const [x, y, z] = call.parameters
  const item = storageType(elementOf(typeAt(call, 0)))
  const stateType = typeAt(call, 1)
  const state = storageType(stateType)
  const step = call.lambda(2, field(x, 's'), field(y, 'x'))
  const start = `struct_pack(x := NULL::${item}, s := CAST(${argument(call, 1)} AS ${state}))`
  const wrapped = `list_transform(${argument(call, 0)}, lambda ${z}: struct_pack(x := ${z}, s := NULL::${state}))`
  const folded = `list_reduce(${wrapped}, lambda ${x}, ${y}: struct_pack(x := NULL::${item}, s := CAST(${step} AS ${state})), ${start})`
  const last = field(folded, 's')
  return `list_transform([${last}], lambda ${z}: ${call.lambda(3, z)})[1]`
}

const zipWith: Translation = (call) => {
  const [i] = call.parameters
  return letting(argument(call, 0), (left) =>
    letting(
      argument(call, 1),
      (right) =>
        `CASE WHEN ${left} IS NOT NULL AND ${right} IS NOT NULL THEN list_transform(range(1, greatest(len(${left}), len(${right})) + 1), lambda ${i}: ${call.lambda(2, `${left}[${i}]`, `${right}[${i}]`)}) END`,
    ),
  )
}

const anyMatch: Translation = (call) => anyOf(transform(call))
const allMatch: Translation = (call) => {
  const [x] = call.parameters
  const failures = `list_transform(${argument(call, 0)}, lambda ${x}: NOT ${call.lambda(1, x)})`
  return `(NOT ${anyOf(failures)})`
}
const noneMatch: Translation = (call) => `(NOT ${anyMatch(call)})`

// ---------------------------------------------------------------- maps

/** Keys may repeat in no map; the complaint names the key. */
function mapFromLists(keys: SqlText, values: SqlText, result: SqlType): SqlText {
  const type = storageType(result)
  const keyType = keyOf(result)
  const e = parameterFor(keys, values)
  const repeated = invalid(`'Duplicate map keys (' || ${repeatedKey(keys, keyType)} || ') are not allowed'`, type)
  const nullKey = invalid("'map key cannot be null'", type)
  return `CASE WHEN ${keys} IS NULL OR ${values} IS NULL THEN NULL WHEN len(${keys}) <> list_count(${keys}) THEN ${nullKey} ${unknownKeys(keys, keyType, type)} WHEN len(js_distinct_positions(${identities(keys, keyType)})) <> len(${keys}) THEN ${repeated} ELSE map_from_entries(list_transform(${keys}, lambda ${e}, ${e}i: struct_pack(key := ${e}, "value" := ${values}[${e}i]))) END`
}

/** A key must equal itself. */
function unknownKeys(keys: SqlText, keyType: SqlType, type: SqlText): SqlText {
  if (!isNested(keyType)) return ''
  const e = parameterFor(keys, 'unknown')
  const unknown = `list_filter(${keys}, lambda ${e}: ${compare('=', e, e, keyType)} IS NULL)`
  const text = `'map key cannot be indeterminate: ' || replace(CAST(${unknown}[1] AS VARCHAR), 'NULL', 'null')`
  return `WHEN len(${unknown}) > 0 THEN ${invalid(text, type)}`
}

function repeatedKey(keys: SqlText, type: SqlType): SqlText {
  return `js_first_repeated(${identities(keys, type)})`
}

const map: Translation = (call) => {
  if (call.args.length === 0) return `CAST(MAP {} AS ${storageType(call.result)})`
  return letting(argument(call, 0), (keys) =>
    letting(argument(call, 1), (values) => {
      const lengths = invalid("'Key and value arrays must be the same length'", storageType(call.result))
      return `CASE WHEN len(${keys}) <> len(${values}) THEN ${lengths} ELSE ${mapFromLists(keys, values, call.result)} END`
    }),
  )
}

const mapFromEntries: Translation = (call) => {
  const [e] = call.parameters
  const row = elementOf(typeAt(call, 0))
  const [key = 'f1', value = 'f2'] = row.kind === 'row' ? rowFieldKeys(row.fields) : []
  const nullEntry = invalid("'map entry cannot be null'", storageType(call.result))
  return letting(
    argument(call, 0),
    (list) =>
      `CASE WHEN len(${list}) <> list_count(${list}) THEN ${nullEntry} ELSE ${letting(`list_transform(${list}, lambda ${e}: ${field(e, key)})`, (keys) => letting(`list_transform(${list}, lambda ${e}: ${field(e, value)})`, (values) => mapFromLists(keys, values, call.result)))} END`,
  )
}

const multimapFromEntries: Translation = (call) => {
  const [e] = call.parameters
  const row = elementOf(typeAt(call, 0))
  const [key = 'f1', value = 'f2'] = row.kind === 'row' ? rowFieldKeys(row.fields) : []
  const type = storageType(call.result)
  return letting(
    argument(call, 0),
    (list) =>
      `CASE WHEN len(${list}) <> list_count(${list}) THEN ${invalid("'map entry cannot be null'", type)} ELSE ${letting(
        `list_transform(${list}, lambda ${e}: struct_pack(key := ${field(e, key)}, "value" := ${field(e, value)}))`,
        (entries) =>
          `CASE WHEN list_contains(list_transform(${entries}, lambda ${e}: ${field(e, 'key')} IS NULL), true) THEN ${invalid("'map key cannot be null'", type)} ELSE ${groupedMap(entries, (k) => comparable(k, keyOf(call.result)))} END`,
      )} END`,
  )
}

const mapEntries: Translation = (call) => {
  const [e] = call.parameters
  return `list_transform(map_entries(${argument(call, 0)}), lambda ${e}: struct_pack(f1 := ${field(e, 'key')}, f2 := ${field(e, 'value')}))`
}

/** Of equal keys the last map's value stands. */
const mapConcat: Translation = (call) =>
  lettingAll(call.args, (maps) => {
    const known = maps.map((each) => `${each} IS NOT NULL`).join(' AND ')
    const entries = maps.map((each) => `map_entries(${each})`).reverse()
    const all = entries.reduce((joined, next) => `list_concat(${joined}, ${next})`)
    const merged = letting(all, (list) => {
      const e = parameterFor(list)
      const keys = identities(`list_transform(${list}, lambda ${e}: ${field(e, 'key')})`, keyOf(call.result))
      return `map_from_entries(${picked(list, `js_first_positions(${keys})`)})`
    })
    return `CASE WHEN ${known} THEN ${merged} END`
  })

const mapFilter: Translation = (call) => {
  const [e] = call.parameters
  return letting(
    argument(call, 0),
    (m) =>
      `CASE WHEN ${m} IS NOT NULL THEN map_from_entries(list_filter(map_entries(${m}), lambda ${e}: ${call.lambda(1, field(e, 'key'), field(e, 'value'))})) END`,
  )
}

const transformValues: Translation = (call) => {
  const [e] = call.parameters
  return letting(
    argument(call, 0),
    (m) =>
      `CASE WHEN ${m} IS NOT NULL THEN map_from_entries(list_transform(map_entries(${m}), lambda ${e}: struct_pack(key := ${field(e, 'key')}, "value" := ${call.lambda(1, field(e, 'key'), field(e, 'value'))}))) END`,
  )
}

const transformKeys: Translation = (call) => {
  const [e] = call.parameters
  return letting(argument(call, 0), (m) => {
    const keys = `list_transform(map_entries(${m}), lambda ${e}: ${call.lambda(1, field(e, 'key'), field(e, 'value'))})`
    return letting(keys, (k) => letting(`map_values(${m})`, (v) => mapFromLists(k, v, call.result)))
  })
}

const mapZipWith: Translation = (call) => {
  const type = keyOf(typeAt(call, 0))
  const [k] = call.parameters
  return letting(argument(call, 0), (left) =>
    letting(argument(call, 1), (right) => {
      const keys = distinctList(`list_concat(map_keys(${left}), map_keys(${right}))`, type)
      const side = (m: SqlText) => `CASE WHEN ${mapHas(m, k, type)} THEN ${mapGet(m, k, type)} END`
      const merged = call.lambda(2, k, `(${side(left)})`, `(${side(right)})`)
      return `CASE WHEN ${left} IS NOT NULL AND ${right} IS NOT NULL THEN map_from_entries(list_transform(${keys}, lambda ${k}: struct_pack(key := ${k}, "value" := ${merged}))) END`
    }),
  )
}

export const collectionTranslations: Translations = {
  cardinality,
  element_at: elementAt,
  contains,
  contains_sequence: containsSequence,
  array_position: position,
  array_remove: remove,
  array_distinct: distinct,
  array_intersect: setOperation('intersect'),
  array_union: union,
  array_except: setOperation('except'),
  arrays_overlap: overlap,
  array_join: join,
  array_min: extreme('min'),
  array_max: extreme('max'),
  array_sort: sort,
  array_histogram: histogram,
  combinations,
  flatten,
  repeat,
  sequence,
  shuffle: (call) =>
    `list_transform(list_sort(list_transform(${argument(call, 0)}, lambda ${call.parameters[0]}: struct_pack(r := random(), v := ${call.parameters[0]}))), lambda ${call.parameters[0]}: ${field(call.parameters[0], 'v')})`,
  slice,
  trim_array: trimArray,
  zip,
  transform,
  filter,
  reduce,
  zip_with: zipWith,
  any_match: anyMatch,
  all_match: allMatch,
  none_match: noneMatch,
  map,
  map_from_entries: mapFromEntries,
  multimap_from_entries: multimapFromEntries,
  map_entries: mapEntries,
  map_keys: (call) => `map_keys(${argument(call, 0)})`,
  map_values: (call) => `map_values(${argument(call, 0)})`,
  map_concat: mapConcat,
  map_filter: mapFilter,
  map_zip_with: mapZipWith,
  transform_keys: transformKeys,
  transform_values: transformValues,
}
