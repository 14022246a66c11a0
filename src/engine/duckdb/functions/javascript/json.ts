/** JSON: by path, element by element, to and from other types. */
import { fail, invalidArgument, type JsFunction, js, jsWithNulls } from './define.ts'
import {
  decimalString,
  javaDouble,
  javaReal,
  parseDecimal,
  rescale,
  scientificText,
  shortestReal,
} from './java-number.ts'
import { extract, jsonPath } from './json-path.ts'
import { canonical, itemsOf, kindOf, membersOf, stringOf } from './json-scan.ts'

function castFailure(json: string, type: string): never {
  return fail('INVALID_CAST_ARGUMENT', `Cannot cast '${json}' to ${type}`)
}

function containerFailure(json: string, type: string): never {
  const shown = json.length > 100 ? `${json.slice(0, 100)}...` : json
  return fail('INVALID_CAST_ARGUMENT', `Cannot cast to ${type}.\n${shown}`)
}

/** Text of a JSON number as CAST AS VARCHAR gives it: whole numbers as they are, others as doubles. */
function numberText(json: string): string {
  return /^-?\d+$/.test(json) ? BigInt(json).toString() : doubleText(Number(json))
}

function doubleText(value: number): string {
  return scientificText(value, String(Math.abs(value)))
}

function toInteger(json: string, type: string): bigint | null {
  const name = type.toUpperCase()
  const bits = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 }[type] ?? 64
  const checked = (value: bigint) => (BigInt.asIntN(bits, value) === value ? value : castFailure(json, name))
  switch (kindOf(json)) {
    case 'null':
      return null
    case 'boolean':
      return json === 'true' ? 1n : 0n
    case 'string': {
      const text = stringOf(json)
      return /^[+-]?\d+$/.test(text) ? checked(BigInt(text.replace(/^\+/, ''))) : castFailure(json, name)
    }
    case 'number': {
      if (/^-?\d+$/.test(json)) return checked(BigInt(json))
      const value = Number(json)
      if (!Number.isFinite(value)) return castFailure(json, name)
      return checked(BigInt(value < 0 ? -Math.round(-value) : Math.round(value)))
    }
    default:
      return castFailure(json, name)
  }
}

function toDouble(json: string, type: string): number | null {
  switch (kindOf(json)) {
    case 'null':
      return null
    case 'boolean':
      return json === 'true' ? 1 : 0
    case 'number':
      return Number(json)
    case 'string': {
      const text = stringOf(json).trim()
      if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(text)) return Number.parseFloat(text)
      if (/^[+-]?(NaN|Infinity)$/.test(text)) return Number(text)
      return castFailure(json, type)
    }
    default:
      return castFailure(json, type)
  }
}

function toBoolean(json: string): boolean | null {
  switch (kindOf(json)) {
    case 'null':
      return null
    case 'boolean':
      return json === 'true'
    case 'number':
      return Number(json) !== 0
    case 'string': {
      const text = stringOf(json).toLowerCase()
      if (['t', 'true', '1'].includes(text)) return true
      return ['f', 'false', '0'].includes(text) ? false : castFailure(json, 'BOOLEAN')
    }
    default:
      return castFailure(json, 'BOOLEAN')
  }
}

function toDecimal(json: string, precision: number, scale: number): string | null {
  const kind = kindOf(json)
  const name = `DECIMAL(${precision},${scale})`
  if (kind === 'null') return null
  const text = kind === 'boolean' ? (json === 'true' ? '1' : '0') : kind === 'string' ? stringOf(json) : json
  const parsed = kind === 'object' || kind === 'array' ? undefined : parseDecimal(text)
  if (parsed === undefined) return castFailure(json, name)
  const result = rescale(parsed, scale)
  const magnitude = result.unscaled < 0n ? -result.unscaled : result.unscaled
  return magnitude >= 10n ** BigInt(precision) ? castFailure(json, name) : decimalString(result)
}

function toVarchar(json: string): string | null {
  switch (kindOf(json)) {
    case 'null':
      return null
    case 'string':
      return stringOf(json)
    case 'number':
      return numberText(json)
    case 'boolean':
      return json
    default:
      return castFailure(json, 'VARCHAR')
  }
}

/** `{"a":1}` read into fields by name, or an array by place; fields that are missing are NULL. */
function fields(json: string, names: readonly (string | null)[], type: string): (string | null)[] | null {
  switch (kindOf(json)) {
    case 'null':
      return null
    case 'array': {
      const items = itemsOf(json)
      if (items.length > names.length) return containerFailure(json, type)
      return names.map((_, index) => items[index] ?? null)
    }
    case 'object': {
      if (names.includes('')) return containerFailure(json, type)
      const members = new Map<string, string>()
      for (const { key, value } of membersOf(json)) members.set(key.toLowerCase(), value)
      return names.map((name) => members.get((name ?? '').toLowerCase()) ?? null)
    }
    default:
      return containerFailure(json, type)
  }
}

function object(keys: readonly (string | null)[], values: readonly (string | null)[]): string {
  const members = keys.map((key, index) => ({ key: key ?? 'null', value: values[index] ?? 'null' }))
  members.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
  return `{${members.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(',')}}`
}

/** Text that is not JSON leads nowhere. */
function extractFrom(json: string, path: string): string | undefined {
  const steps = jsonPath(path)
  const text = canonical(json)
  return text === undefined ? undefined : extract(text, steps)
}

function arrayOf(json: string): string[] | undefined {
  const text = canonical(json)
  return text !== undefined && kindOf(text) === 'array' ? itemsOf(text) : undefined
}

function arrayContains(json: string, kind: string, wanted: string): boolean | null {
  const items = arrayOf(json)
  if (items === undefined) return null
  return items.some((item) => {
    const itemKind = kindOf(item)
    switch (kind) {
      case 'string':
        return itemKind === 'string' && stringOf(item) === wanted
      case 'boolean':
        return itemKind === 'boolean' && item === wanted
      case 'bigint':
        return itemKind === 'number' && /^-?\d+$/.test(item) && BigInt(item) === BigInt(wanted)
      default:
        return (
          itemKind === 'number' &&
          /[.eE]/.test(item) &&
          Number(item) === Number(wanted) &&
          Number.isFinite(Number(item))
        )
    }
  })
}

export const jsonFunctions: readonly JsFunction[] = [
  js(
    'js_json_parse',
    ['VARCHAR'],
    'VARCHAR',
    (text) => canonical(text) ?? invalidArgument(`Cannot convert value to JSON: '${text}'`),
  ),
  js('js_json_extract', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (json, path) => extractFrom(json, path) ?? null),
  js('js_json_extract_scalar', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (json, path) => {
    const found = extractFrom(json, path)
    if (found === undefined) return null
    const kind = kindOf(found)
    if (kind === 'string') return stringOf(found)
    return kind === 'number' || kind === 'boolean' ? found : null
  }),
  js('js_json_size', ['VARCHAR', 'VARCHAR'], 'BIGINT', (json, path) => {
    const found = extractFrom(json, path)
    if (found === undefined) return null
    const kind = kindOf(found)
    if (kind === 'array') return BigInt(itemsOf(found).length)
    return kind === 'object' ? BigInt(membersOf(found).length) : 0n
  }),
  js('js_is_json_scalar', ['VARCHAR'], 'BOOLEAN', (json) => {
    const text = canonical(json)
    if (text === undefined) return invalidArgument(`Invalid JSON value: ${json}`)
    const kind = kindOf(text)
    return kind !== 'array' && kind !== 'object'
  }),
  js('js_json_array_length', ['VARCHAR'], 'BIGINT', (json) => {
    const items = arrayOf(json)
    return items === undefined ? null : BigInt(items.length)
  }),
  js('js_json_array_get', ['VARCHAR', 'BIGINT'], 'VARCHAR', (json, index) => {
    const items = arrayOf(json) ?? []
    const item = items.at(Number(index))
    if (item === undefined || item === 'null' || index < -BigInt(items.length)) return null
    return kindOf(item) === 'string' ? stringOf(item) : item
  }),
  js('js_json_array_contains', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', arrayContains),
  js('js_json_string', ['VARCHAR'], 'VARCHAR', (text) => JSON.stringify(text)),
  js('js_json_double', ['DOUBLE'], 'VARCHAR', (value) =>
    Number.isFinite(value) ? javaDouble(value) : JSON.stringify(javaDouble(value)),
  ),
  js('js_json_real', ['FLOAT'], 'VARCHAR', (value) =>
    Number.isFinite(value) ? javaReal(value) : JSON.stringify(javaReal(value)),
  ),
  js('js_json_object', ['VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', object),
  js('js_json_to_varchar', ['VARCHAR'], 'VARCHAR', toVarchar),
  js('js_json_to_boolean', ['VARCHAR'], 'BOOLEAN', toBoolean),
  js('js_json_to_integer', ['VARCHAR', 'VARCHAR'], 'BIGINT', toInteger),
  js('js_json_to_double', ['VARCHAR'], 'DOUBLE', (json) => toDouble(json, 'DOUBLE')),
  js('js_json_to_real', ['VARCHAR'], 'DOUBLE', (json) => {
    const value = toDouble(json, 'REAL')
    return value === null ? null : Number(shortestReal(Math.fround(value)))
  }),
  js('js_json_to_decimal', ['VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', toDecimal),
  js('js_json_items', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (json, type) => {
    if (json === 'null') return null
    return kindOf(json) === 'array' ? itemsOf(json) : containerFailure(json, type)
  }),
  js('js_json_entries', ['VARCHAR', 'VARCHAR'], 'STRUCT(k VARCHAR, v VARCHAR)[]', (json, type) => {
    if (json === 'null') return null
    if (kindOf(json) !== 'object') return containerFailure(json, type)
    return membersOf(json).map(({ key, value }) => ({ k: key, v: value }))
  }),
  jsWithNulls('js_json_fields', ['VARCHAR', 'VARCHAR[]', 'VARCHAR'], 'VARCHAR[]', (json, names, type) =>
    json === null || names === null ? null : fields(json, names, type ?? ''),
  ),
]
