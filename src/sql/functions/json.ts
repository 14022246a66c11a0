/** JSON: reading by path, taking apart, writing. Paths are JSONPath text. */
import { type FunctionDeclaration, scalar } from './declare.ts'

export const jsonDeclarations: readonly FunctionDeclaration[] = [
  scalar('json_extract', ['(json, varchar) -> json', '(varchar(x), varchar) -> json']),
  scalar('json_extract_scalar', ['(json, varchar) -> varchar', '(varchar(x), varchar) -> varchar(x)']),
  scalar('json_parse', ['(varchar(x)) -> json']),
  scalar('json_format', ['(json) -> varchar']),
  scalar('json_size', ['(json, varchar) -> bigint', '(varchar(x), varchar) -> bigint']),
  scalar('is_json_scalar', ['(json) -> boolean', '(varchar(x)) -> boolean']),
  scalar('json_array_length', ['(json) -> bigint', '(varchar(x)) -> bigint']),
  scalar('json_array_get', ['(json, bigint) -> json', '(varchar(x), bigint) -> json']),
  scalar('json_array_contains', [
    ...['boolean', 'bigint', 'double', 'varchar(y)'].flatMap((type) => [
      `(json, ${type}) -> boolean`,
      `(varchar(x), ${type}) -> boolean`,
    ]),
  ]),
]
