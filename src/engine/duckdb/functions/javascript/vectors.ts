/** Arrays of doubles as vectors: products, distances, angles. An unknown element counts as zero, as in Trino. */
import { invalidArgument, type JsFunction, js } from './define.ts'

type Vector = readonly (number | null)[]

const dot = (left: Vector, right: Vector): number =>
  left.reduce<number>((sum, value, index) => sum + (value ?? 0) * (right[index] ?? 0), 0)

const distance = (left: Vector, right: Vector): number =>
  Math.sqrt(left.reduce<number>((sum, value, index) => sum + ((value ?? 0) - (right[index] ?? 0)) ** 2, 0))

function cosine(left: Vector, right: Vector): number {
  const size = Math.sqrt(dot(left, left) * dot(right, right))
  return size === 0 ? invalidArgument('Vector magnitude cannot be zero') : dot(left, right) / size
}

const ofSameLength = (name: string, compute: (left: Vector, right: Vector) => number): JsFunction =>
  js(name, ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', (left, right) => {
    if (left.length !== right.length) return invalidArgument('The arguments must have the same length')
    return compute(left, right)
  })

export const vectorFunctions: readonly JsFunction[] = [
  ofSameLength('js_vector_dot', dot),
  ofSameLength('js_vector_distance', distance),
  ofSameLength('js_vector_cosine', cosine),
]
