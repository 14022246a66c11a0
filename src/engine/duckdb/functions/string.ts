/** Text. Positions and lengths count code points, in DuckDB as in the language. */
import { EngineFailure } from '../../engine.ts'
import { paddedText, textOf } from '../print/cast.ts'
import { localOf, microsOf, picosOf, zoneOf } from '../print/datetime-cast.ts'
import { letting, lettingAll, literal, raise, type SqlText } from '../print/text.ts'
import { storageType } from '../representation.ts'
import { concatenatedArrays, operatorTranslations } from './operators.ts'
import { sharedPattern } from './shared-regexp.ts'
import {
  argument,
  type CallSite,
  constantInteger,
  constantText,
  native,
  type Translation,
  type Translations,
  typeAt,
} from './translation.ts'

/** char arguments are held without their trailing blanks: most functions must see them. */
function text(call: CallSite, index: number): SqlText {
  return paddedText(argument(call, index), typeAt(call, index))
}

function complaint(message: string, type: string): SqlText {
  return raise('INVALID_FUNCTION_ARGUMENT', literal(message), type)
}

const length: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind === 'varbinary') return `octet_length(${argument(call, 0)})::BIGINT`
  if (type.kind === 'char') return `CASE WHEN ${argument(call, 0)} IS NOT NULL THEN ${type.length}::BIGINT END`
  return `length(${argument(call, 0)})`
}

const concat: Translation = (call) => {
  if (call.result.kind === 'array') return concatenatedArrays(call.args, call.types, call.result)
  const translate = operatorTranslations['operator ||']
  return translate === undefined ? '' : translate(call)
}

const concatWs: Translation = (call) => {
  const separator = argument(call, 0)
  if (typeAt(call, 1).kind === 'array') {
    return lettingAll(
      [separator, argument(call, 1)],
      ([s = '', list = '']) =>
        `CASE WHEN ${s} IS NULL OR ${list} IS NULL THEN NULL ELSE coalesce(array_to_string(${list}, ${s}), '') END`,
    )
  }
  if (call.args.length === 1) return complaint('There must be two or more concatenation arguments', 'VARCHAR')
  return `concat_ws(${call.args.join(', ')})`
}

/** 1-based, from the end when negative; outside the text gives ''. DuckDB counts 0 as the place before the first. */
const substring: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind === 'varbinary')
    return `js_substring_bytes(${argument(call, 0)}, ${argument(call, 1)}, ${call.args[2] ?? '9223372036854775807::BIGINT'})`
  const value = text(call, 0)
  const length = call.args[2]
  const start = argument(call, 1)
  if (/^\([1-9]\d*\)::BIGINT$/.test(start) && (length === undefined || /^\(\d+\)::BIGINT$/.test(length))) {
    return `substring(${value}, ${start}${length === undefined ? '' : `, ${length}`})`
  }
  return letting(value, (v) =>
    letting(start, (s) => {
      const from = `CASE WHEN ${s} < 0 THEN length(${v}) + ${s} + 1 ELSE ${s} END`
      const rest = length === undefined ? '' : `, least(greatest(${length}, 0), 2147483647)`
      return `CASE WHEN ${v} IS NULL OR ${s} IS NULL${length === undefined ? '' : ` OR ${length} IS NULL`} THEN NULL WHEN ${s} = 0 OR ${s} < -length(${v}) OR ${s} > length(${v}) THEN '' ELSE substring(${v}, ${from}${rest}) END`
    }),
  )
}

/** What Java calls whitespace, without the no-break spaces. */
const BLANKS =
  ' \t\n\u000b\f\r\u001c\u001d\u001e\u001f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000'

const trim =
  (name: 'trim' | 'ltrim' | 'rtrim'): Translation =>
  (call) => {
    const trimmed = `${name}(${text(call, 0)}, ${call.args[1] ?? literal(BLANKS)})`
    return typeAt(call, 0).kind === 'char' ? `rtrim(${trimmed}, ' ')` : trimmed
  }

/** One code point becomes one code point: the sharp s stays. */
const upper: Translation = (call) =>
  letting(argument(call, 0), (v) => `CASE WHEN contains(${v}, '\u00df') THEN js_upper(${v}) ELSE upper(${v}) END`)

const replace: Translation = (call) => {
  const [value, search, replacement] = [argument(call, 0), argument(call, 1), call.args[2] ?? "''"]
  const constant = constantText(call, 1)
  if (constant !== undefined && constant !== '') return `replace(${value}, ${search}, ${replacement})`
  return `js_replace(${value}, ${search}, ${replacement})`
}

const reverse: Translation = (call) => {
  const type = typeAt(call, 0)
  if (type.kind === 'array') return `list_reverse(${argument(call, 0)})`
  if (type.kind === 'varbinary') return `js_reverse_bytes(${argument(call, 0)})`
  return `js_reverse(${argument(call, 0)})`
}

const strpos: Translation = (call) =>
  call.args.length === 2
    ? `CAST(strpos(${argument(call, 0)}, ${argument(call, 1)}) AS BIGINT)`
    : `js_strpos(${call.args.join(', ')})`

/** An empty delimiter is refused here, or parts single characters. */
function isConstantDelimiter(call: CallSite): boolean {
  const delimiter = constantText(call, 1)
  return delimiter !== undefined && delimiter !== ''
}

const splitPart: Translation = (call) =>
  letting(argument(call, 2), (index) => {
    const parts = isConstantDelimiter(call)
      ? `string_split(${argument(call, 0)}, ${argument(call, 1)})`
      : `js_split_any(${argument(call, 0)}, ${argument(call, 1)})`
    return `CASE WHEN ${index} <= 0 THEN ${complaint('Index must be greater than zero', 'VARCHAR')} ELSE ${parts}[${index}] END`
  })

const split: Translation = (call) => {
  if (call.args.length > 2) return `js_split_limited(${call.args.join(', ')})`
  return `${isConstantDelimiter(call) ? 'string_split' : 'js_split'}(${call.args.join(', ')})`
}

const splitToMap: Translation = (call) => {
  const [first, second, third] = call.parameters
  if (call.args.length === 3) {
    return `map_from_entries(js_split_to_map(${call.args.join(', ')}))`
  }
  const key = `struct_extract(${first}, 'key')`
  const merged = `list_reduce(struct_extract(${first}, 'value'), lambda ${second}, ${third}: ${call.lambda(3, key, second, third)})`
  return `map_from_entries(list_transform(js_split_to_multimap(${call.args.slice(0, 3).join(', ')}), lambda ${first}: struct_pack(key := ${key}, "value" := ${merged})))`
}

const format: Translation = (call) => {
  const values = call.args.slice(1).map((value, index) => {
    const type = typeAt(call, index + 1)
    const shown = formatArgument(value, type)
    return `struct_pack(k := ${literal(type.kind)}, v := ${shown})`
  })
  return `js_format(${argument(call, 0)}, ${values.length === 0 ? '[]' : `[${values.join(', ')}]`}::STRUCT(k VARCHAR, v VARCHAR)[])`
}

function formatArgument(value: SqlText, type: CallSite['result']): SqlText {
  switch (type.kind) {
    case 'real':
    case 'double':
      return `js_java_double(${value}::DOUBLE)`
    case 'json':
      return value
    case 'time':
      return `js_java_time(${value})`
    case 'timestamp':
      return letting(value, (v) => `js_java_timestamp(epoch_us(${microsOf(v, type)}), ${picosOf(v, type)}::INTEGER)`)
    case 'timestamp with time zone':
      return letting(value, (v) => {
        const local = `epoch_us(${localOf(v, type)})`
        const offset = `(${local} - epoch_us(${microsOf(v, type)})) // 1000000`
        return `(js_java_timestamp(${local}, ${picosOf(v, type)}::INTEGER) || js_java_zone(${zoneOf(v)}, ${offset}))`
      })
    case 'unknown':
      return 'NULL::VARCHAR'
    default: {
      const shown = textOf(value, type)
      if (shown === undefined) {
        throw new EngineFailure(
          'NOT_SUPPORTED',
          `function format with an argument of type ${type.kind} is not supported`,
        )
      }
      return shown
    }
  }
}

const ngrams: Translation = (call) => {
  const [i] = call.parameters
  const size = argument(call, 1)
  return letting(argument(call, 0), (list) =>
    letting(
      size,
      (n) =>
        `CASE WHEN ${n} <= 0 THEN ${complaint('N must be positive', storageType(call.result))} WHEN len(${list}) <= ${n} THEN [${list}] ELSE list_transform(range(1, len(${list}) - ${n} + 2), lambda ${i}: ${list}[${i}:${i} + ${n} - 1]) END`,
    ),
  )
}

const regexpReplace: Translation = (call) => {
  if (typeAt(call, 2).kind !== 'function') {
    return `js_regexp_replace(${argument(call, 0)}, ${argument(call, 1)}, ${call.args[2] ?? "''"})`
  }
  const [part] = call.parameters
  const pieces = `js_regexp_pieces(${argument(call, 0)}, ${argument(call, 1)})`
  const replaced = call.lambda(2, `struct_extract(${part}, 'groups')`)
  const all = `list_transform(${pieces}, lambda ${part}: CASE WHEN struct_extract(${part}, 'groups') IS NULL THEN struct_extract(${part}, 'plain') ELSE ${replaced} END)`
  return letting(all, (list) => `CASE WHEN list_count(${list}) = len(${list}) THEN array_to_string(${list}, '') END`)
}

const regexpLike: Translation = (call) => {
  const pattern = constantText(call, 1)
  const shared = pattern === undefined ? undefined : sharedPattern(pattern, true)
  return shared === undefined
    ? `js_regexp_like(${call.args.join(', ')})`
    : `regexp_matches(${argument(call, 0)}, ${literal(shared.source)})`
}

/** DuckDB gives '' where nothing matches; the language gives NULL. */
const regexpExtract: Translation = (call) => {
  const pattern = constantText(call, 1)
  const group = call.args.length === 2 ? 0n : constantInteger(call, 2)
  const shared = pattern === undefined ? undefined : sharedPattern(pattern, false)
  const known =
    shared !== undefined &&
    (group === 0n || (group === 1n && shared.groupsAlwaysMatch && /(?<!\\)\((?!\?)/.test(shared.source)))
  if (!known) {
    return `js_regexp_extract(${argument(call, 0)}, ${argument(call, 1)}, ${call.args[2] ?? '0::BIGINT'})`
  }
  const source = literal(shared.source)
  return letting(
    argument(call, 0),
    (v) => `CASE WHEN regexp_matches(${v}, ${source}) THEN regexp_extract(${v}, ${source}, ${group}) END`,
  )
}

const regexpPosition: Translation = (call) =>
  `js_regexp_position(${argument(call, 0)}, ${argument(call, 1)}, ${call.args[2] ?? '1::BIGINT'}, ${call.args[3] ?? '1::BIGINT'})`

export const stringTranslations: Translations = {
  chr: native('js_chr'),
  codepoint: native('js_codepoint'),
  concat,
  concat_ws: concatWs,
  format,
  format_number: (call) =>
    typeAt(call, 0).kind === 'double'
      ? `js_format_number(${argument(call, 0)})`
      : `js_format_number(CAST(${argument(call, 0)} AS DOUBLE))`,
  hamming_distance: native('js_hamming_distance'),
  length,
  levenshtein_distance: native('js_levenshtein_distance'),
  lower: native('lower'),
  upper,
  lpad: (call) =>
    typeAt(call, 0).kind === 'varbinary'
      ? `js_lpad_bytes(${call.args.join(', ')})`
      : `js_lpad(${call.args.join(', ')})`,
  rpad: (call) =>
    typeAt(call, 0).kind === 'varbinary'
      ? `js_rpad_bytes(${call.args.join(', ')})`
      : `js_rpad(${call.args.join(', ')})`,
  trim: trim('trim'),
  ltrim: trim('ltrim'),
  rtrim: trim('rtrim'),
  luhn_check: native('js_luhn_check'),
  normalize: (call) => `js_normalize(${argument(call, 0)}, ${call.args[1] ?? "'NFC'"})`,
  replace,
  reverse,
  soundex: native('js_soundex'),
  split,
  split_part: splitPart,
  split_to_map: splitToMap,
  split_to_multimap: (call) => `map_from_entries(js_split_to_multimap(${call.args.join(', ')}))`,
  strpos,
  starts_with: native('starts_with'),
  substr: substring,
  translate: native('js_translate'),
  index: (call) => `CAST(strpos(${argument(call, 0)}, ${argument(call, 1)}) AS BIGINT)`,
  char2hexint: native('js_char2hexint'),
  from_utf8: (call) => {
    const replacement = call.args[1]
    if (replacement === undefined) return `js_from_utf8(${argument(call, 0)}, '\uFFFD')`
    const shown = typeAt(call, 1).kind === 'bigint' ? `js_code_point_text(${replacement})` : replacement
    return `js_from_utf8(${argument(call, 0)}, ${shown})`
  },
  to_utf8: (call) => `encode(${text(call, 0)})`,
  ngrams,
  regexp_like: regexpLike,
  regexp_extract: regexpExtract,
  regexp_extract_all: (call) =>
    `js_regexp_extract_all(${argument(call, 0)}, ${argument(call, 1)}, ${call.args[2] ?? '0::BIGINT'})`,
  regexp_replace: regexpReplace,
  regexp_split: native('js_regexp_split'),
  regexp_count: native('js_regexp_count'),
  regexp_position: regexpPosition,
  url_extract_protocol: (call) => `js_url_part(${argument(call, 0)}, 'protocol')`,
  url_extract_host: (call) => `js_url_part(${argument(call, 0)}, 'host')`,
  url_extract_port: (call) => `CAST(js_url_part(${argument(call, 0)}, 'port') AS BIGINT)`,
  url_extract_path: (call) => `js_url_part(${argument(call, 0)}, 'path')`,
  url_extract_query: (call) => `js_url_part(${argument(call, 0)}, 'query')`,
  url_extract_fragment: (call) => `js_url_part(${argument(call, 0)}, 'fragment')`,
  url_extract_parameter: native('js_url_parameter'),
  url_encode: native('js_url_encode'),
  url_decode: native('js_url_decode'),
}
