/** What the session is, what a value's type is, and what has no family. */
import { type FunctionDeclaration, scalar } from './declare.ts'

export const sessionDeclarations: readonly FunctionDeclaration[] = [
  scalar('current_user', ['() -> varchar']),
  scalar('current_catalog', ['() -> varchar']),
  scalar('current_schema', ['() -> varchar']),
  scalar('version', ['() -> varchar']),
  scalar('typeof', ['(T) -> varchar']),
  scalar('uuid', ['() -> uuid'], { volatile: true }),
  scalar('parse_data_size', ['(varchar(x)) -> decimal(38, 0)']),
  scalar('parse_presto_data_size', ['(varchar(x)) -> decimal(38, 0)']),
  scalar('fail', ['(varchar) -> unknown']),
  scalar('bar', ['(double, bigint) -> varchar']),
]
