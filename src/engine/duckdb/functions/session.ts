/** What the session is, and what has no family. */
import { typeText } from '../../../sql/types.ts'
import { literal, raise } from '../print/text.ts'
import { storageType } from '../representation.ts'
import { argument, type CallSite, native, type Translations, typeAt } from './translation.ts'

const ENGINE_VERSION = '430'

const now = (call: CallSite) => `make_timestamp((${BigInt(call.session.nowMs) * 1000n})::BIGINT)`
const picosOfDay = (call: CallSite) => `(${(BigInt(call.session.nowMs) % 86_400_000n) * 1_000_000_000n})::BIGINT`

export const sessionTranslations: Translations = {
  current_user: (call) => literal(call.session.user),
  current_catalog: (call) => literal(call.session.catalog),
  current_schema: (call) => (call.session.schema === undefined ? 'NULL::VARCHAR' : literal(call.session.schema)),
  current_date: (call) => `CAST(${now(call)} AS DATE)`,
  current_timestamp: (call) => `struct_pack(instant := ${now(call)}, "zone" := 'UTC')`,
  localtimestamp: now,
  localtime: picosOfDay,
  current_time: (call) => `struct_pack(picos := ${picosOfDay(call)}, "offset" := 0::INTEGER)`,
  current_timezone: () => "'UTC'",
  version: () => literal(ENGINE_VERSION),
  typeof: (call) => literal(typeText(typeAt(call, 0))),
  uuid: native('uuid'),
  parse_data_size: (call) => `CAST(js_parse_data_size(${argument(call, 0)}) AS ${storageType(call.result)})`,
  parse_presto_data_size: (call) => `CAST(js_parse_data_size(${argument(call, 0)}) AS ${storageType(call.result)})`,
  fail: (call) => raise('GENERIC_USER_ERROR', argument(call, 0), 'INTEGER'),
}
