/** Functions that only make sense over a window. */
import { type FunctionDeclaration, windowFunction } from './declare.ts'

export const windowDeclarations: readonly FunctionDeclaration[] = [
  windowFunction('row_number', ['() -> bigint']),
  windowFunction('rank', ['() -> bigint']),
  windowFunction('dense_rank', ['() -> bigint']),
  windowFunction('percent_rank', ['() -> double']),
  windowFunction('cume_dist', ['() -> double']),
  windowFunction('ntile', ['(bigint) -> bigint']),
  windowFunction('first_value', ['(T) -> T']),
  windowFunction('last_value', ['(T) -> T']),
  windowFunction('nth_value', ['(T, bigint) -> T']),
  windowFunction('lag', ['(T) -> T', '(T, bigint) -> T', '(T, bigint, T) -> T']),
  windowFunction('lead', ['(T) -> T', '(T, bigint) -> T', '(T, bigint, T) -> T']),
]
