/** Casts to and from json. JSON is held as canonical text; arrays, maps and rows are taken apart one level at a time. */
import { type SqlType, typeText } from '../../../sql/types.ts'
import { EngineFailure } from '../../engine.ts'
import { rowFieldKeys, storageType } from '../representation.ts'
import { textOf } from './cast.ts'
import { field } from './comparison.ts'
import { letting, literal, parameterFor, quoted, raise, type SqlText } from './text.ts'

/** JSON text of a value; NULL stays NULL at the top and becomes `null` inside containers. */
export function toJson(value: SqlText, type: SqlType): SqlText {
  switch (type.kind) {
    case 'unknown':
      return 'NULL::VARCHAR'
    case 'json':
      return value
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
      return `${textOf(value, type)}`
    case 'real':
      return `js_json_real(${value})`
    case 'double':
      return `js_json_double(${value})`
    case 'varchar':
    case 'char':
      return `js_json_string(${textOf(value, type)})`
    case 'date':
    case 'timestamp':
    case 'timestamp with time zone':
      return `('"' || ${textOf(value, type)} || '"')`
    case 'array': {
      const e = parameterFor(value, 'json')
      return `('[' || array_to_string(list_transform(${value}, lambda ${e}: coalesce(${toJson(e, type.element)}, 'null')), ',') || ']')`
    }
    case 'map': {
      const e = parameterFor(value, 'json')
      const keys = `list_transform(map_keys(${value}), lambda ${e}: ${keyText(e, type.key)})`
      const items = `list_transform(map_values(${value}), lambda ${e}: coalesce(${toJson(e, type.value)}, 'null'))`
      return `js_json_object(${keys}, ${items})`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      return letting(value, (v) => {
        const members = type.fields.map((each, index) => {
          const name = literal(`${index === 0 ? '{' : ','}${JSON.stringify(each.name ?? '')}:`)
          return `${name} || coalesce(${toJson(field(v, keys[index] ?? ''), each.type)}, 'null')`
        })
        return `CASE WHEN ${v} IS NOT NULL THEN ${members.join(' || ')} || '}' END`
      })
    }
    default:
      throw new EngineFailure('NOT_SUPPORTED', `Cast from ${typeText(type)} to json is not supported`)
  }
}

function keyText(value: SqlText, type: SqlType): SqlText {
  if (type.kind === 'double') return `js_java_double(${value})`
  if (type.kind === 'real') return `js_java_real(${value})`
  return textOf(value, type) ?? `CAST(${value} AS VARCHAR)`
}

/** A value of `type` out of JSON text. JSON null becomes NULL. */
export function fromJson(value: SqlText, type: SqlType): SqlText {
  switch (type.kind) {
    case 'json':
      return value
    case 'varchar': {
      const text = `js_json_to_varchar(${value})`
      return type.length === undefined ? text : fittedJson(text, type.length)
    }
    case 'boolean':
      return `js_json_to_boolean(${value})`
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `CAST(js_json_to_integer(${value}, ${literal(type.kind)}) AS ${storageType(type)})`
    case 'double':
      return `js_json_to_double(${value})`
    case 'real':
      return `CAST(js_json_to_real(${value}) AS FLOAT)`
    case 'decimal':
      return `CAST(js_json_to_decimal(${value}, ${type.precision}, ${type.scale}) AS ${storageType(type)})`
    case 'array': {
      const e = parameterFor(value, storageType(type))
      return `list_transform(js_json_items(${value}, ${literal(typeText(type))}), lambda ${e}: ${insideJson(e, type.element)})`
    }
    case 'map': {
      const e = parameterFor(value, storageType(type))
      const key = fromText(field(e, 'k'), type.key)
      const item = insideJson(field(e, 'v'), type.value)
      return `map_from_entries(list_transform(js_json_entries(${value}, ${literal(typeText(type))}), lambda ${e}: struct_pack(key := ${key}, "value" := ${item})))`
    }
    case 'row': {
      const keys = rowFieldKeys(type.fields)
      const names = type.fields.map((each) => (each.name === undefined ? "''" : literal(each.name)))
      return letting(`js_json_fields(${value}, [${names.join(', ')}]::VARCHAR[], ${literal(typeText(type))})`, (v) => {
        const packed = type.fields.map(
          (each, index) => `${quoted(keys[index] ?? '')} := ${insideJson(`${v}[${index + 1}]`, each.type)}`,
        )
        return `CASE WHEN ${v} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`
      })
    }
    default:
      throw new EngineFailure('NOT_SUPPORTED', `Cast from json to ${typeText(type)} is not supported`)
  }
}

/** An element inside a container: JSON keeps `null` only when the target itself is json. */
function insideJson(value: SqlText, type: SqlType): SqlText {
  return type.kind === 'json' ? value : fromJson(value, type)
}

/** A map's key: the object's key is text, read as the key type. */
function fromText(value: SqlText, type: SqlType): SqlText {
  return type.kind === 'varchar' ? value : fromJson(`js_json_string(${value})`, type)
}

function fittedJson(text: SqlText, length: number): SqlText {
  return letting(text, (t) => {
    const complaint = raise(
      'INVALID_CAST_ARGUMENT',
      `'Value ' || ${t} || ' cannot be represented as varchar(${length})'`,
      'VARCHAR',
    )
    return `CASE WHEN length(${t}) > ${length} THEN ${complaint} ELSE ${t} END`
  })
}
