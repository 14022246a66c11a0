/** SQL/JSON functions. The analyser gives input text, the invocation as a constant, and the PASSING values. */
import { JSON_CALLS, type JsonInvocation } from '../../../sql/json-path/invocation.ts'
import { castText } from '../print/cast.ts'
import { letting, type SqlText } from '../print/text.ts'
import { argument, type CallSite, constantText, native, type Translation, type Translations } from './translation.ts'

const TEXT = { kind: 'varchar', length: undefined } as const

function asked(call: CallSite): SqlText {
  return `js_json_path_value(${call.args.slice(0, 3).join(', ')})`
}

const value: Translation = (call) => `substr(${asked(call)}, 2)`

/** Defaults are computed only where they are needed; one that fails when nothing was found is an error of the call. */
const valueOrDefault: Translation = (call) => {
  const { onEmpty, onError } = JSON.parse(constantText(call, 1) ?? '{}') as JsonInvocation
  const [emptyDefault, errorDefault] = [argument(call, 3), argument(call, 4)]
  const orOnError = (text: SqlText) => {
    if (onError === 'ERROR') return text
    return onError === 'NULL' ? `TRY(${text})` : `coalesce(TRY(${text}), ${errorDefault})`
  }
  return letting(asked(call), (outcome) => {
    const scalar = orOnError(castText(`substr(${outcome}, 2)`, TEXT, call.result))
    const branches = [`WHEN starts_with(${outcome}, 'v') THEN ${scalar}`]
    if (onEmpty === 'DEFAULT') {
      if (onError === 'DEFAULT') {
        branches.push(`WHEN ${outcome} = 'e' AND TRY(${emptyDefault} IS NULL) THEN NULL`)
      }
      branches.push(`WHEN ${outcome} = 'e' THEN ${orOnError(emptyDefault)}`)
    }
    if (onError === 'DEFAULT') branches.push(`WHEN ${outcome} = 'x' THEN ${errorDefault}`)
    return `CASE ${branches.join(' ')} END`
  })
}

export const sqlJsonTranslations: Translations = {
  [JSON_CALLS.exists]: native('js_json_path_exists'),
  [JSON_CALLS.query]: native('js_json_path_query'),
  [JSON_CALLS.value]: value,
  [JSON_CALLS.valueOrDefault]: valueOrDefault,
  [JSON_CALLS.input]: native('js_json_item'),
  [JSON_CALLS.object]: native('js_json_object_of'),
  [JSON_CALLS.array]: native('js_json_array_of'),
}
