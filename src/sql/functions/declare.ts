/**
 * How a function is declared: what Trino promises, no engine in sight. Families of declarations stand beside this file
 * (`string.ts`, `math.ts`, …); `registry.ts` gathers them; the analyser resolves calls against their signatures; each
 * engine has one translation per declaration.
 *
 * A signature is Trino's own notation as text:
 *   '(double) -> double'                      plain
 *   '(array(T), function(T, boolean)) -> array(T)'   type variables are single capitals or capital + digits
 *   '(T:comparable, T:comparable) -> boolean' constraints after a colon: comparable, orderable
 *   '(decimal(p, s)) -> decimal(p, 0)'        lower-case number variables inside decimal/varchar/char/time/timestamp
 *   '(varchar(x), varchar...) -> varchar'     `...` after the last parameter: any number of them, also none
 *   '(varchar, any...) -> varchar'            `any`: each argument may be of any type of its own, and is not coerced
 * An unbounded varchar solves a length variable as 2,147,483,647, and a result of that length is unbounded.
 * Result numbers that need arithmetic are given by `bind`, which receives the solved number variables.
 */
import type { SqlType } from '../types.ts'

export interface SignatureDeclaration {
  readonly text: string
  /** Computes the number variables that the result uses from those the arguments gave. */
  readonly bind?: (numbers: Readonly<Record<string, number>>) => Readonly<Record<string, number>>
}

export interface FunctionDeclaration {
  /** Lower-case. Operators are declared too, under `operator +`, `operator ||`, …. */
  readonly name: string
  readonly aliases: readonly string[]
  readonly kind: 'scalar' | 'aggregate' | 'window'
  readonly signatures: readonly SignatureDeclaration[]
  /** True for random(), now(), uuid(): never folded, never reused. */
  readonly volatile: boolean
}

type SignatureText = string | SignatureDeclaration

interface Options {
  readonly aliases?: readonly string[]
  readonly volatile?: boolean
}

function declare(
  kind: FunctionDeclaration['kind'],
  name: string,
  signatures: readonly SignatureText[],
  options: Options = {},
): FunctionDeclaration {
  return {
    name,
    aliases: options.aliases ?? [],
    kind,
    signatures: signatures.map((signature) => (typeof signature === 'string' ? { text: signature } : signature)),
    volatile: options.volatile ?? false,
  }
}

export const scalar = (name: string, signatures: readonly SignatureText[], options?: Options) =>
  declare('scalar', name, signatures, options)
export const aggregate = (name: string, signatures: readonly SignatureText[], options?: Options) =>
  declare('aggregate', name, signatures, options)
export const windowFunction = (name: string, signatures: readonly SignatureText[], options?: Options) =>
  declare('window', name, signatures, options)

/** A declaration with the overload chosen and every variable solved: argument and result types are concrete. */
export interface ResolvedFunction {
  readonly declaration: FunctionDeclaration
  /** Index into `declaration.signatures`. */
  readonly overload: number
  readonly argumentTypes: readonly SqlType[]
  readonly resultType: SqlType
}
