/** JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY: a path over JSON text, and JSON text put together. */
import type { JsonInvocation } from '../../../../../sql/json-path/invocation.ts'
import { parseJsonPath } from '../../../../../sql/json-path/parse.ts'
import type { JsonPath } from '../../../../../sql/json-path/tree.ts'
import { fail, invalidArgument, type JsFunction, js } from '../define.ts'
import { evaluatePath, PathFailure } from './evaluate.ts'
import { type Item, isArray, isDecimal, isObject, readItem, scalarText, writeItem } from './item.ts'

interface Compiled extends JsonInvocation {
  readonly tree: JsonPath
}

const CACHE_MAX = 256
const cache = new Map<string, Compiled>()

function compiled(text: string): Compiled {
  const known = cache.get(text)
  if (known !== undefined) return known
  const invocation = JSON.parse(text) as JsonInvocation
  const entry = { ...invocation, tree: parseJsonPath(invocation.path) }
  if (cache.size >= CACHE_MAX) cache.delete(cache.keys().next().value ?? '')
  cache.set(text, entry)
  return entry
}

interface Failure {
  readonly code: 'JSON_INPUT_CONVERSION_ERROR' | 'PATH_EVALUATION_ERROR'
  readonly message: string
}
type Found =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | { readonly kind: 'failed'; readonly failure: Failure }

function found(json: string, call: Compiled, values: readonly (string | null)[]): Found {
  const root = readItem(json)
  if (root === undefined) return badInput
  const variables = new Map<string, Item>()
  for (const [index, name] of call.passing.entries()) {
    const value = readItem(values[index] ?? 'null')
    if (value === undefined) return badInput
    variables.set(name, value)
  }
  try {
    return { kind: 'items', items: evaluatePath(call.tree, root, variables) }
  } catch (error) {
    if (!(error instanceof PathFailure)) throw error
    return {
      kind: 'failed',
      failure: { code: 'PATH_EVALUATION_ERROR', message: `path evaluation failed: ${error.message}` },
    }
  }
}

const badInput: Found = {
  kind: 'failed',
  failure: { code: 'JSON_INPUT_CONVERSION_ERROR', message: 'conversion to JSON failed: text is not JSON' },
}

function exists(json: string, call: Compiled, values: readonly (string | null)[]): boolean | null {
  const outcome = found(json, call, values)
  if (outcome.kind === 'items') return outcome.items.length > 0
  if (call.onError === 'ERROR') return fail(outcome.failure.code, outcome.failure.message)
  return call.onError === 'UNKNOWN' ? null : call.onError === 'TRUE'
}

const QUERY_FAILURE = 'JSON_OUTPUT_CONVERSION_ERROR'
const OUTCOMES: Readonly<Record<string, string>> = { EMPTY_ARRAY: '[]', EMPTY_OBJECT: '{}' }

function query(json: string, call: Compiled, values: readonly (string | null)[]): string | null {
  const outcome = found(json, call, values)
  const failed = (code: string, message: string) =>
    call.onError === 'ERROR' ? fail(code, message) : (OUTCOMES[call.onError] ?? null)
  if (outcome.kind === 'failed') return failed(outcome.failure.code, outcome.failure.message)
  const { items } = outcome
  const [first] = items
  if (first === undefined) {
    if (call.onEmpty === 'ERROR') fail(QUERY_FAILURE, 'conversion from JSON failed: JSON path found no items')
    return OUTCOMES[call.onEmpty] ?? null
  }
  const isSingle = items.length === 1
  const isWrapped =
    call.wrapper === 'UNCONDITIONAL' ||
    (call.wrapper === 'CONDITIONAL' && !(isSingle && (isArray(first) || isObject(first))))
  if (isWrapped) return writeItem(items)
  if (!isSingle) return failed(QUERY_FAILURE, 'conversion from JSON failed: JSON path found multiple items')
  return call.omitQuotes && typeof first === 'string' ? first : writeItem(first)
}

const SCALAR_FAILURE = 'JSON_VALUE_RESULT_ERROR'
const NO_SCALAR = 'cannot extract SQL scalar from JSON: '

/** `v` and the text of the scalar, `e` for nothing found, `x` for what went wrong; null: SQL's NULL. */
function value(json: string, call: Compiled, values: readonly (string | null)[]): string | null {
  const outcome = found(json, call, values)
  const failed = (code: string, message: string): string | null =>
    call.onError === 'ERROR' ? fail(code, message) : call.onError === 'NULL' ? null : 'x'
  if (outcome.kind === 'failed') return failed(outcome.failure.code, outcome.failure.message)
  const { items } = outcome
  const [first] = items
  if (first === undefined) {
    if (call.onEmpty === 'ERROR') fail(SCALAR_FAILURE, `${NO_SCALAR}JSON path found no items`)
    return call.onEmpty === 'NULL' ? null : 'e'
  }
  if (items.length > 1) return failed(SCALAR_FAILURE, `${NO_SCALAR}JSON path found multiple items`)
  if (first === null) return null
  if (isArray(first) || isObject(first)) {
    return failed(SCALAR_FAILURE, `${NO_SCALAR}JSON path found an item that cannot be converted to an SQL value`)
  }
  const text = scalarFor(call.scalarFor, first)
  if (text === undefined) return failed(SCALAR_FAILURE, `${NO_SCALAR}the item does not fit the type returned`)
  return `v${text}`
}

/** Text that casts to the type wanted as the scalar itself would; undefined when the scalar cannot become it. */
function scalarFor(target: JsonInvocation['scalarFor'], item: Exclude<Item, null>): string | undefined {
  if (isArray(item) || isObject(item)) return undefined
  if (typeof item === 'string') return item
  switch (target) {
    case 'text':
      return scalarText(item)
    case 'moment':
      return undefined
    case 'boolean':
      return typeof item === 'boolean'
        ? String(item)
        : String((isDecimal(item) ? Number(item.decimal) : Number(item)) !== 0)
    case 'number':
      return typeof item === 'boolean' ? String(Number(item)) : scalarText(item)
    case 'integer': {
      if (typeof item === 'bigint' || typeof item === 'boolean') return String(BigInt(item))
      const number = isDecimal(item) ? Number(item.decimal) : item
      if (!Number.isFinite(number)) return undefined
      return String(BigInt(number < 0 ? -Math.round(-number) : Math.round(number)))
    }
  }
}

function object(
  keys: readonly (string | null)[],
  values: readonly (string | null)[],
  keepsNull: boolean,
  isUnique: boolean,
): string {
  const members = new Map<string, string>()
  for (const [index, key] of keys.entries()) {
    if (key === null) return invalidArgument('null value passed for JSON object key to JSON_OBJECT function')
    const member = values[index] ?? null
    if (member === null && !keepsNull) continue
    if (members.has(key)) {
      if (isUnique) return invalidArgument('duplicate key passed to JSON_OBJECT function')
      return fail('NOT_SUPPORTED', 'cannot construct a JSON object with duplicate key')
    }
    members.set(key, member ?? 'null')
  }
  return `{${[...members].map(([key, member]) => `${JSON.stringify(key)}:${member}`).join(',')}}`
}

export const sqlJsonFunctions: readonly JsFunction[] = [
  js('js_json_path_exists', ['VARCHAR', 'VARCHAR', 'VARCHAR[]'], 'BOOLEAN', (json, call, values) =>
    exists(json, compiled(call), values),
  ),
  js('js_json_path_query', ['VARCHAR', 'VARCHAR', 'VARCHAR[]'], 'VARCHAR', (json, call, values) =>
    query(json, compiled(call), values),
  ),
  js('js_json_path_value', ['VARCHAR', 'VARCHAR', 'VARCHAR[]'], 'VARCHAR', (json, call, values) =>
    value(json, compiled(call), values),
  ),
  js('js_json_item', ['VARCHAR'], 'VARCHAR', (text) => {
    const item = readItem(text)
    if (item === undefined) return fail('JSON_INPUT_CONVERSION_ERROR', 'conversion to JSON failed: text is not JSON')
    return writeItem(item)
  }),
  js('js_json_object_of', ['VARCHAR[]', 'VARCHAR[]', 'BOOLEAN', 'BOOLEAN'], 'VARCHAR', object),
  js('js_json_array_of', ['VARCHAR[]', 'BOOLEAN'], 'VARCHAR', (items, keepsNull) => {
    const kept = keepsNull ? items.map((item) => item ?? 'null') : items.filter((item) => item !== null)
    return `[${kept.join(',')}]`
  }),
]
