/** Definitions of functions over geometries: DuckDB holds each as its text, the function sees the geometry. */
import { type JsFunction, type JsTypeName, type JsTypes, js } from '../define.ts'
import { fromText, type Geometry, toText } from './geometry.ts'

/** From one geometry. */
export function ofOne<R extends JsTypeName>(
  name: string,
  gives: R,
  compute: (geometry: Geometry) => JsTypes[R] | null,
): JsFunction {
  return js(`js_geo_${name}`, ['VARCHAR'], gives, (text) => compute(fromText(text)))
}

/** From two geometries. */
export function ofTwo<R extends JsTypeName>(
  name: string,
  gives: R,
  compute: (left: Geometry, right: Geometry) => JsTypes[R] | null,
): JsFunction {
  return js(`js_geo_${name}`, ['VARCHAR', 'VARCHAR'], gives, (left, right) => compute(fromText(left), fromText(right)))
}

/** From a geometry and a number. */
export function ofNumber<N extends 'INTEGER' | 'DOUBLE', R extends JsTypeName>(
  name: string,
  number: N,
  gives: R,
  compute: (geometry: Geometry, number: number) => JsTypes[R] | null,
): JsFunction {
  return js(`js_geo_${name}`, ['VARCHAR', number], gives, (text, value) => compute(fromText(text), Number(value)))
}

/** The text of what `compute` gives; NULL when it gives nothing. */
export const asText =
  <A extends readonly unknown[]>(compute: (...args: A) => Geometry | undefined) =>
  (...args: A): string | null => {
    const geometry = compute(...args)
    return geometry === undefined ? null : toText(geometry)
  }

export const asTexts =
  <A extends readonly unknown[]>(compute: (...args: A) => readonly Geometry[] | undefined) =>
  (...args: A): string[] | null =>
    compute(...args)?.map(toText) ?? null
