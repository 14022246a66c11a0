/** JSON by path. Paths that are constant are read once, when the statement is printed. */
import { castText } from '../print/cast.ts'
import { argument, type CallSite, type Translation, type Translations, typeAt } from './translation.ts'

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

export const jsonTranslations: Translations = {
  json_extract: javascript('js_json_extract'),
  json_extract_scalar: javascript('js_json_extract_scalar'),
  json_parse: javascript('js_json_parse'),
  json_format: (call) => argument(call, 0),
  json_size: javascript('js_json_size'),
  is_json_scalar: javascript('js_is_json_scalar'),
  json_array_length: javascript('js_json_array_length'),
  json_array_get: javascript('js_json_array_get'),
  json_array_contains: contains,
}
