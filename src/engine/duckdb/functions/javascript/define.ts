/**
 * Scalar functions written in JavaScript, for what DuckDB cannot be asked in SQL. A definition names the SQL types it
 * takes and gives; `install.ts` registers it. A NULL argument gives NULL without a call, unless the definition says it
 * wants to see them.
 */
import { FAILURE_END, FAILURE_START, MESSAGE_END } from '../../print/text.ts'

export interface Zoned {
  /** Wall clock, microseconds since the epoch. */
  readonly us: bigint
  readonly picos: number
  readonly zone: string | null
}

/** SQL type → what the function sees. Lists may hold NULL. */
export interface JsTypes {
  readonly BOOLEAN: boolean
  readonly INTEGER: number
  readonly BIGINT: bigint
  readonly HUGEINT: bigint
  readonly FLOAT: number
  readonly DOUBLE: number
  readonly VARCHAR: string
  readonly BLOB: Uint8Array
  readonly 'BOOLEAN[]': readonly (boolean | null)[]
  readonly 'BIGINT[]': readonly bigint[]
  readonly 'BLOB[]': readonly (Uint8Array | null)[]
  readonly 'BIGINT[][]': readonly (readonly bigint[])[]
  readonly 'DOUBLE[]': readonly (number | null)[]
  readonly 'VARCHAR[]': readonly (string | null)[]
  /** Entries and pairs. */
  readonly 'STRUCT(k VARCHAR, v VARCHAR)[]': readonly { readonly k: string; readonly v: string | null }[]
  readonly 'STRUCT(key BIGINT, "value" SMALLINT)[]': readonly { readonly key: bigint; readonly value: number }[]
  readonly 'STRUCT(key DOUBLE, "value" DOUBLE)[]': readonly { readonly key: number; readonly value: number }[]
  readonly 'STRUCT(key VARCHAR, "value" VARCHAR)[]': readonly { readonly key: string; readonly value: string }[]
  readonly 'STRUCT(key VARCHAR, "value" VARCHAR[])[]': readonly {
    readonly key: string
    readonly value: readonly string[]
  }[]
  readonly 'STRUCT(plain VARCHAR, groups VARCHAR[])[]': readonly {
    readonly plain: string | null
    readonly groups: readonly (string | null)[] | null
  }[]
  readonly 'STRUCT(us BIGINT, picos INTEGER, "zone" VARCHAR)': Zoned
  readonly 'STRUCT(picos BIGINT, "offset" INTEGER)': { readonly picos: bigint; readonly offset: number }
}
export type JsTypeName = keyof JsTypes

export interface JsFunction {
  readonly name: string
  readonly takes: readonly JsTypeName[]
  readonly gives: JsTypeName
  readonly seesNull: boolean
  readonly compute: (args: readonly unknown[]) => unknown
}

type Values<A extends readonly JsTypeName[]> = { [K in keyof A]: JsTypes[A[K]] }
type Nullable<A extends readonly JsTypeName[]> = { [K in keyof A]: JsTypes[A[K]] | null }

export function js<const A extends readonly JsTypeName[], R extends JsTypeName>(
  name: string,
  takes: A,
  gives: R,
  compute: (...args: Values<A>) => JsTypes[R] | null,
): JsFunction {
  return { name, takes, gives, seesNull: false, compute: (args) => compute(...(args as Values<A>)) }
}

/** The function is called for NULL arguments too. */
export function jsWithNulls<const A extends readonly JsTypeName[], R extends JsTypeName>(
  name: string,
  takes: A,
  gives: R,
  compute: (...args: Nullable<A>) => JsTypes[R] | null,
): JsFunction {
  return { name, takes, gives, seesNull: true, compute: (args) => compute(...(args as Nullable<A>)) }
}

/** Ends the query with the language's code and text, as `raise` does in SQL. */
export function fail(code: string, message: string): never {
  throw new Error(`${FAILURE_START}${code}${FAILURE_END}${message}${MESSAGE_END}`)
}

export const invalidArgument = (message: string): never => fail('INVALID_FUNCTION_ARGUMENT', message)
