/**
 * Decides from a scan's hint and a partition's values whether the partition can hold rows that matter. It leaves a
 * partition out only when the hint is certainly false or NULL for every row of it; whatever it cannot work out keeps the
 * partition, because reading too much is slow and reading too little is wrong.
 */
import { castValue, compareValues, dateText, readValue } from './constant-values.ts'
import type { ConstantValue, ScanColumn, TypedExpression } from './typed-tree.ts'
import type { SqlType } from './types.ts'

/** Hive's name for the partition of rows whose key was NULL. */
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__'
const DAY_MS = 86_400_000

/** Values of the partition's keys by column name, as the catalog has them. */
export type PartitionValues = Readonly<Record<string, string>>

export interface PruningOptions {
  /** The moment CURRENT_DATE and now() mean; without it they are not worked out. */
  readonly nowMs?: number
}

export function keepsPartition(
  hint: TypedExpression | undefined,
  fields: readonly ScanColumn[],
  values: PartitionValues,
  options: PruningOptions = {},
): boolean {
  if (hint === undefined) return true
  const keys = new Map<string, Known>()
  for (const field of fields) {
    if (field.source !== 'partition') continue
    const text = Object.hasOwn(values, field.column) ? values[field.column] : undefined
    const value = text === undefined ? undefined : text === NULL_PARTITION ? null : readValue(text, field.type)
    if (value !== undefined) keys.set(field.symbol, { value })
  }
  const verdict = evaluate(hint, { keys, ...options })
  return verdict === undefined || verdict.value === true
}

/** A value worked out; its absence (undefined) is "cannot tell", its null is SQL's NULL. */
interface Known {
  readonly value: ConstantValue
}
type Maybe = Known | undefined

interface World {
  readonly keys: ReadonlyMap<string, Known>
  readonly nowMs?: number
}

const known = (value: ConstantValue | undefined): Maybe => (value === undefined ? undefined : { value })

function evaluate(node: TypedExpression, world: World): Maybe {
  switch (node.kind) {
    case 'Constant':
      return known(node.value)
    case 'Column':
      return world.keys.get(node.symbol)
    case 'Cast': {
      const operand = evaluate(node.operand, world)
      return operand && known(castValue(operand.value, node.operand.type, node.type))
    }
    case 'Logical':
      return logical(
        node.operator,
        node.terms.map((term) => evaluate(term, world)),
      )
    case 'Not': {
      const operand = evaluate(node.operand, world)
      return operand && known(operand.value === null ? null : !operand.value)
    }
    case 'IsNull': {
      const operand = evaluate(node.operand, world)
      return operand && known(operand.value === null)
    }
    case 'Comparison':
      return compared(node.operator, evaluate(node.left, world), evaluate(node.right, world), node.left.type)
    case 'IsDistinctFrom':
      return distinct(evaluate(node.left, world), evaluate(node.right, world), node.left.type)
    case 'Between': {
      const operand = evaluate(node.operand, world)
      return logical('AND', [
        compared('>=', operand, evaluate(node.low, world), node.operand.type),
        compared('<=', operand, evaluate(node.high, world), node.operand.type),
      ])
    }
    case 'In': {
      const operand = evaluate(node.operand, world)
      return logical(
        'OR',
        node.list.map((item) => compared('=', operand, evaluate(item, world), node.operand.type)),
      )
    }
    case 'Like':
      return like(node, world)
    case 'Call':
      return called(node, world)
    default:
      return undefined
  }
}

/** One false decides an AND and one true an OR, whatever the others are. */
function logical(operator: 'AND' | 'OR', terms: readonly Maybe[]): Maybe {
  const deciding = operator === 'OR'
  if (terms.some((term) => term?.value === deciding)) return known(deciding)
  if (terms.includes(undefined)) return undefined
  return known(terms.some((term) => term?.value === null) ? null : !deciding)
}

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** NULL on either side makes it NULL, even when the other cannot be told. */
function compared(operator: string, left: Maybe, right: Maybe, type: SqlType): Maybe {
  if (left?.value === null || right?.value === null) return known(null)
  if (left === undefined || right === undefined) return undefined
  const order = compareValues(left.value, right.value, type)
  return order === undefined ? undefined : known(HOLDS[operator]?.(order))
}

function distinct(left: Maybe, right: Maybe, type: SqlType): Maybe {
  if (left === undefined || right === undefined) return undefined
  if (left.value === null || right.value === null) return known(left.value !== right.value)
  const order = compareValues(left.value, right.value, type)
  return order === undefined ? undefined : known(order !== 0)
}

function like(node: Extract<TypedExpression, { readonly kind: 'Like' }>, world: World): Maybe {
  const [operand, pattern] = [evaluate(node.operand, world), evaluate(node.pattern, world)]
  if (operand?.value === null || pattern?.value === null) return known(null)
  const escaping = node.escape === undefined ? known('') : evaluate(node.escape, world)
  if (typeof operand?.value !== 'string' || typeof pattern?.value !== 'string') return undefined
  if (node.operand.type.kind !== 'varchar' || typeof escaping?.value !== 'string') return undefined
  const parts = likeParts(pattern.value, escaping.value)
  return parts && known(isLike([...operand.value], parts))
}

type LikePart = { readonly character: string } | 'one' | 'any'

/** undefined for a pattern that is an error: the engine shall say so. */
function likeParts(pattern: string, escaping: string): readonly LikePart[] | undefined {
  const parts: LikePart[] = []
  let escaped = false
  for (const character of pattern) {
    if (escaped) {
      if (character !== '%' && character !== '_' && character !== escaping) return undefined
      parts.push({ character })
      escaped = false
    } else if (escaping !== '' && character === escaping) escaped = true
    else parts.push(character === '%' ? 'any' : character === '_' ? 'one' : { character })
  }
  return escaped ? undefined : parts
}

/** Falls back only to the last `%`, so time stays within length of text times length of pattern. */
function isLike(text: readonly string[], parts: readonly LikePart[]): boolean {
  let [at, part, retryText, retryPart] = [0, 0, 0, -1]
  while (at < text.length) {
    const wanted = parts[part]
    if (wanted === 'any') {
      retryPart = part++
      retryText = at
    } else if (wanted === 'one' || (wanted !== undefined && wanted.character === text[at])) {
      part++
      at++
    } else if (retryPart >= 0) {
      part = retryPart + 1
      at = ++retryText
    } else return false
  }
  return parts.slice(part).every((rest) => rest === 'any')
}

// ---------------------------------------------------------------- the few functions that stand in partition filters

type CallNode = Extract<TypedExpression, { readonly kind: 'Call' }>
type Computation = (values: readonly ConstantValue[], node: CallNode, world: World) => ConstantValue | undefined

const COMPUTATIONS: Readonly<Record<string, Computation>> = {
  'operator ||': joined,
  concat: joined,
  lower: ([text]) => (isPlain(text) ? text.toLowerCase() : undefined),
  upper: ([text]) => (isPlain(text) ? text.toUpperCase() : undefined),
  'operator +': (values, node) => shifted(values, node, 1n),
  'operator -': (values, node) => shifted(values, node, -1n),
  'operator *': ([left, right], node) => withinType(product(left, right), node.type),
  date: ([value], node) => dateOf(value, node.args[0]?.type),
  current_date: (_values, _node, { nowMs }) => (nowMs === undefined ? undefined : Math.floor(nowMs / DAY_MS)),
  current_timestamp: (_values, _node, { nowMs }) =>
    nowMs === undefined ? undefined : { epochMicros: BigInt(Math.floor(nowMs)) * 1000n, picos: 0, zone: 'UTC' },
  date_format: ([value, format]) => formatted(value, format),
}

function called(node: CallNode, world: World): Maybe {
  const compute = Object.hasOwn(COMPUTATIONS, node.function.declaration.name)
    ? COMPUTATIONS[node.function.declaration.name]
    : undefined
  if (compute === undefined) return undefined
  const args = node.args.map((argument) => evaluate(argument, world))
  if (args.some((argument) => argument?.value === null)) return known(null)
  const values: ConstantValue[] = []
  for (const argument of args) {
    if (argument === undefined) return undefined
    values.push(argument.value)
  }
  return known(compute(values, node, world))
}

/** Beyond ASCII engines differ in what upper and lower case are. */
function isPlain(value: ConstantValue | undefined): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value)
}

function joined(values: readonly ConstantValue[], node: CallNode): ConstantValue | undefined {
  if (node.type.kind !== 'varchar') return undefined
  return values.every((value) => typeof value === 'string') ? values.join('') : undefined
}

const WHOLE: readonly SqlType['kind'][] = ['tinyint', 'smallint', 'integer', 'bigint']

/** Whole numbers, and dates moved by whole days. */
function shifted(values: readonly ConstantValue[], node: CallNode, direction: bigint): ConstantValue | undefined {
  const [left, right] = values
  if (typeof left === 'bigint' && typeof right === 'bigint') return withinType(left + direction * right, node.type)
  if (node.type.kind !== 'date' || typeof left !== 'number' || typeof right !== 'bigint') return undefined
  if (node.args[1]?.type.kind !== 'interval day to second' || right % BigInt(DAY_MS) !== 0n) return undefined
  return left + Number((direction * right) / BigInt(DAY_MS))
}

function product(left: ConstantValue | undefined, right: ConstantValue | undefined): bigint | undefined {
  return typeof left === 'bigint' && typeof right === 'bigint' ? left * right : undefined
}

function withinType(value: bigint | undefined, type: SqlType): ConstantValue | undefined {
  if (value === undefined || !WHOLE.includes(type.kind)) return undefined
  return castValue(value, { kind: 'bigint' }, type)
}

function dateOf(value: ConstantValue | undefined, type: SqlType | undefined): ConstantValue | undefined {
  if (typeof value === 'string' && type?.kind === 'varchar') return readValue(value, { kind: 'date' })
  const isLocal = type?.kind === 'timestamp'
  if (!isLocal || typeof value !== 'object' || value === null || !('epochMicros' in value)) return undefined
  return Math.floor(Number(value.epochMicros / 1000n) / DAY_MS)
}

const SPECIFIERS: Readonly<Record<string, readonly [number, number]>> = {
  Y: [0, 4],
  m: [5, 7],
  d: [8, 10],
  H: [11, 13],
  i: [14, 16],
  s: [17, 19],
}

/** date_format of a timestamp in UTC, for the specifiers that partition keys are made of. */
function formatted(value: ConstantValue | undefined, format: ConstantValue | undefined): ConstantValue | undefined {
  if (typeof value !== 'object' || value === null || !('epochMicros' in value) || typeof format !== 'string') {
    return undefined
  }
  if (value.zone !== undefined && value.zone !== 'UTC') return undefined
  const millis = Number(value.epochMicros / 1000n)
  if (millis < 0 || dateText(Math.floor(millis / DAY_MS))?.length !== 'yyyy-mm-dd'.length) return undefined
  const text = new Date(millis).toISOString()
  let complete = true
  const result = format.replace(/%(.)/gs, (_all, specifier: string) => {
    const span = SPECIFIERS[specifier]
    complete &&= span !== undefined
    return span === undefined ? '' : text.slice(...span)
  })
  return complete ? result : undefined
}
