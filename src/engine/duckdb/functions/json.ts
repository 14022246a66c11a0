/** JSON by path. Paths that are constant are read once, when the statement is printed. */
import { castText } from '../print/cast.ts'
import { letting, literal } from '../print/text.ts'
import { argument, type CallSite, constantText, type Translation, type Translations, typeAt } from './translation.ts'

const javascript =
  (name: string): Translation =>
  (call) =>
    `${name}(${call.args.join(', ')})`

const contains: Translation = (call) => {
  const value = typeAt(call, 1)
  const kind = value.kind === 'varchar' ? 'string' : value.kind
  return `js_json_array_contains(${argument(call, 0)}, '${kind}', ${shown(call, value)})`
}

function shown(call: CallSite, type: CallSite['result']): string {
  if (type.kind === 'double') return `CAST(${argument(call, 1)} AS VARCHAR)`
  return castText(argument(call, 1), type, { kind: 'varchar', length: undefined })
}

/** `$.a[0]["b c"]` as DuckDB writes it; undefined when DuckDB has no such path or would read it differently. */
function sharedPath(path: string): string | undefined {
  const steps = [...path.matchAll(/\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\["([^"\\*]+)"\]/g)]
  if (steps.length === 0 || `$${steps.map((step) => step[0]).join('')}` !== path) return undefined
  return `$${steps.map(([, name, index, key]) => (index === undefined ? `."${name ?? key}"` : `[${index}]`)).join('')}`
}

/**
 * DuckDB reads the text once, and only numbers with a fraction go back to JavaScript, because DuckDB would not keep
 * their digits as written. Text that is not JSON leads nowhere.
 */
const extractScalar: Translation = (call) => {
  const path = sharedPath(constantText(call, 1) ?? '')
  const [json, given] = [argument(call, 0), argument(call, 1)]
  if (path === undefined) return `js_json_extract_scalar(${json}, ${given})`
  return letting(json, (j) =>
    letting(
      `TRY(json_extract(${j}, ${literal(path)}))`,
      (v) =>
        `CASE json_type(${v}) WHEN 'VARCHAR' THEN ${v} ->> '$' WHEN 'BIGINT' THEN CAST(${v} AS VARCHAR) WHEN 'UBIGINT' THEN CAST(${v} AS VARCHAR) WHEN 'BOOLEAN' THEN CAST(${v} AS VARCHAR) WHEN 'DOUBLE' THEN js_json_extract_scalar(${j}, ${given}) END`,
    ),
  )
}

/** Numbers with an exponent are written differently by DuckDB. */
const extractJson: Translation = (call) => {
  const path = sharedPath(constantText(call, 1) ?? '')
  const [json, given] = [argument(call, 0), argument(call, 1)]
  if (path === undefined) return `js_json_extract(${json}, ${given})`
  return letting(json, (j) =>
    letting(
      `TRY(CAST(json_extract(${j}, ${literal(path)}) AS VARCHAR))`,
      (v) => `CASE WHEN regexp_matches(${v}, '[0-9][eE][-+0-9]') THEN js_json_extract(${j}, ${given}) ELSE ${v} END`,
    ),
  )
}

export const jsonTranslations: Translations = {
  json_extract: extractJson,
  json_extract_scalar: extractScalar,
  json_parse: javascript('js_json_parse'),
  json_format: (call) => argument(call, 0),
  json_size: javascript('js_json_size'),
  is_json_scalar: javascript('js_is_json_scalar'),
  json_array_length: javascript('js_json_array_length'),
  json_array_get: javascript('js_json_array_get'),
  json_array_contains: contains,
}
