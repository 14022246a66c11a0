/** Types as written in CAST: parsed names become types, with Trino's limits on their numbers. */
import { CHAR_LENGTH_MAX } from './coercion.ts'
import { SqlFailure } from './failure.ts'
import { parseTypeText } from './functions/signature.ts'
import type { Position, TypeName } from './tree.ts'
import type { SqlType } from './types.ts'

const DECIMAL_PRECISION_MAX = 38
const TIME_PRECISION_MAX = 12

/** @param at where errors point to: the expression that the type is written in */
export function resolveTypeName(name: TypeName, at: Position): SqlType {
  const [first, second] = name.arguments
  switch (name.base) {
    case 'array':
      return isTypeName(first) ? { kind: 'array', element: resolveTypeName(first, at) } : unknownType(name, at)
    case 'map':
      return isTypeName(first) && isTypeName(second)
        ? { kind: 'map', key: resolveTypeName(first, at), value: resolveTypeName(second, at) }
        : unknownType(name, at)
    case 'qdigest': {
      const of = isTypeName(first) ? first.base : ''
      return parseTypeText(`qdigest(${of})`) ?? unknownType(name, at)
    }
    case 'row':
      return {
        kind: 'row',
        fields: (name.fields ?? []).map((field) => ({
          name: field.name?.value.toLowerCase(),
          type: resolveTypeName(field.type, at),
        })),
      }
    default:
      return checked(parseTypeText(withNumbers(name)) ?? unknownType(name, at), name.at)
  }
}

function isTypeName(argument: TypeName | number | string | undefined): argument is TypeName {
  return typeof argument === 'object'
}

/** `timestamp with time zone` and 6 give `timestamp(6) with time zone`. */
function withNumbers(name: TypeName): string {
  if (name.arguments.length === 0) return name.base
  const [head = '', ...rest] = name.base.split(' ')
  return [`${head}(${name.arguments.map(String).join(', ')})`, ...rest].join(' ')
}

function checked(type: SqlType, at: Position): SqlType {
  const refuse = (what: string): never => {
    throw new SqlFailure('INVALID_FUNCTION_ARGUMENT', what, at)
  }
  if (type.kind === 'decimal') {
    const { precision, scale } = type
    if (precision < 1 || precision > DECIMAL_PRECISION_MAX) {
      refuse(`DECIMAL precision must be in range [1, ${DECIMAL_PRECISION_MAX}]: ${precision}`)
    }
    if (scale > precision) refuse(`DECIMAL scale must be in range [0, precision (${precision})]: ${scale}`)
  } else if (type.kind === 'char' && type.length > CHAR_LENGTH_MAX) {
    refuse(`CHAR length must be in range [0, ${CHAR_LENGTH_MAX}], got ${type.length}`)
  } else if ('precision' in type && type.precision > TIME_PRECISION_MAX) {
    const what = type.kind.startsWith('timestamp') ? 'TIMESTAMP' : 'TIME'
    refuse(`${what} precision must be in range [0, ${TIME_PRECISION_MAX}]: ${type.precision}`)
  }
  return type
}

function unknownType(name: TypeName, at: Position): never {
  throw new SqlFailure('TYPE_MISMATCH', `Unknown type: ${withNumbers(name)}`, at)
}
