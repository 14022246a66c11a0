/** A column of a result as GetQueryResults describes it (D5): the bare name of its type, and numbers that follow from it. */
import type { SqlType } from '../sql/types.ts'

export interface ResultColumn {
  readonly name: string
  readonly type: string
  readonly precision: number
  readonly scale: number
  readonly caseSensitive: boolean
}

const UNBOUNDED_VARCHAR = 2_147_483_647
const VARBINARY_LENGTH = 1_073_741_824

const PRECISIONS: Readonly<Partial<Record<SqlType['kind'], number>>> = {
  boolean: 0,
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  real: 17,
  double: 17,
  date: 0,
  time: 3,
  'time with time zone': 3,
  timestamp: 3,
  'timestamp with time zone': 3,
  varbinary: VARBINARY_LENGTH,
}

export function resultColumn(name: string, type: SqlType): ResultColumn {
  const base = { name, type: type.kind === 'real' ? 'float' : type.kind, scale: 0, caseSensitive: false }
  switch (type.kind) {
    case 'decimal':
      return { ...base, precision: type.precision, scale: type.scale }
    case 'varchar':
      return { ...base, precision: type.length ?? UNBOUNDED_VARCHAR, caseSensitive: true }
    case 'char':
      return { ...base, precision: type.length, caseSensitive: true }
    default:
      return { ...base, precision: PRECISIONS[type.kind] ?? 0 }
  }
}

/** SHOW and DESCRIBE answer columns of Hive's `string`. */
export function utilityColumn(name: string): ResultColumn {
  return { name, type: 'string', precision: 0, scale: 0, caseSensitive: false }
}
