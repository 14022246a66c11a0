/**
 * The constraints of the service models, checked before an operation runs, with the texts of AWS's request framework:
 *
 *   2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value
 *   'x' at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 3
 *
 * Paths are lowerCamel; list positions count from 1. Constraints of scalars inside lists and maps are reported at the
 * list or map, together in brackets.
 */
import { compilePattern } from './pattern.ts'
import type { ListShape, MapShape, Member, ServiceModel, Shape, StructureShape } from './shape.ts'

/** How a service prints. */
export interface ValidationStyle {
  /** `hidden`: Firehose prints `Value at 'x'` and shows only the size of byte buffers. */
  readonly values: 'shown' | 'hidden'
  /** Recorded orders of enumerations that differ from the model's, by shape. */
  readonly enumOrders: Readonly<Record<string, readonly string[]>>
  /** Recorded spellings of patterns that differ from the model's, by shape. */
  readonly patternTexts: Readonly<Record<string, string>>
}

export const defaultStyle: ValidationStyle = { values: 'shown', enumOrders: {}, patternTexts: {} }

/** More are neither collected nor printed. */
export const VALIDATION_ERRORS_MAX = 10
const PRINTED_VALUE_LENGTH_MAX = 2048

/** undefined when the value keeps every constraint, else the whole text. The value has the right types already. */
export function validationErrors(
  model: ServiceModel,
  shapeName: string,
  value: unknown,
  style: ValidationStyle = defaultStyle,
): string | undefined {
  const found: string[] = []
  checkStructure({ model, style, found }, model.shapes[shapeName] as StructureShape, value, '')
  if (found.length === 0) return undefined
  return `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`
}

interface Check {
  readonly model: ServiceModel
  readonly style: ValidationStyle
  readonly found: string[]
}

function checkStructure(check: Check, shape: StructureShape, value: unknown, path: string): void {
  const record = value as Readonly<Record<string, unknown>>
  for (const key of shape.required ?? []) {
    if (record[key] === undefined) report(check, undefined, memberPath(path, key), 'Member must not be null')
  }
  for (const key in shape.members) {
    const memberValue = record[key]
    if (memberValue !== undefined) {
      checkValue(check, shape.members[key] as Member, memberValue, memberPath(path, key))
    }
  }
}

function checkValue(check: Check, member: Member, value: unknown, path: string): void {
  if (check.found.length >= VALIDATION_ERRORS_MAX) return
  const shape = check.model.shapes[member.shape] as Shape
  for (const constraint of failedConstraints(check, member.shape, shape, value)) report(check, value, path, constraint)
  switch (shape.kind) {
    case 'structure':
      checkStructure(check, shape, value, path)
      break
    case 'list':
      checkItems(check, shape, value as readonly unknown[], path)
      break
    case 'map':
      checkEntries(check, shape, value as Readonly<Record<string, unknown>>, path)
      break
  }
}

function checkItems(check: Check, shape: ListShape, items: readonly unknown[], path: string): void {
  const itemShape = check.model.shapes[shape.member.shape] as Shape
  if (itemShape.kind === 'structure' || itemShape.kind === 'list' || itemShape.kind === 'map') {
    items.forEach((item, index) => {
      checkValue(check, shape.member, item, `${path}.${index + 1}.member`)
    })
  } else if (items.some((item) => failedConstraints(check, shape.member.shape, itemShape, item).length > 0)) {
    report(
      check,
      items,
      path,
      `Member must satisfy constraint: [${allConstraints(check, shape.member.shape, itemShape)}]`,
    )
  }
}

function checkEntries(check: Check, shape: MapShape, entries: Readonly<Record<string, unknown>>, path: string): void {
  const keyShape = check.model.shapes[shape.key.shape] as Shape
  const valueShape = check.model.shapes[shape.value.shape] as Shape
  const isScalar = valueShape.kind !== 'structure' && valueShape.kind !== 'list' && valueShape.kind !== 'map'
  let keyReported = false
  let valueReported = false
  for (const key of Object.keys(entries)) {
    if (!keyReported && failedConstraints(check, shape.key.shape, keyShape, key).length > 0) {
      keyReported = true
      report(
        check,
        entries,
        path,
        `Map keys must satisfy constraint: [${allConstraints(check, shape.key.shape, keyShape)}]`,
      )
    }
    if (!isScalar) {
      checkValue(check, shape.value, entries[key], `${path}.${key}.member`)
    } else if (!valueReported && failedConstraints(check, shape.value.shape, valueShape, entries[key]).length > 0) {
      valueReported = true
      report(
        check,
        entries,
        path,
        `Map value must satisfy constraint: [${allConstraints(check, shape.value.shape, valueShape)}]`,
      )
    }
  }
}

function failedConstraints(check: Check, shapeName: string, shape: Shape, value: unknown): readonly string[] {
  switch (shape.kind) {
    case 'string': {
      const text = value as string
      const failed: string[] = []
      if (shape.enum !== undefined && !shape.enum.includes(text)) failed.push(enumText(check, shapeName, shape.enum))
      if (shape.pattern !== undefined && !compiled(shape.pattern).test(text))
        failed.push(patternText(check, shapeName, shape.pattern))
      return [...failed, ...failedBounds(shape, text.length, 'length')]
    }
    case 'blob':
      return failedBounds(shape, (value as Uint8Array).byteLength, 'length')
    case 'list':
      return failedBounds(shape, (value as readonly unknown[]).length, 'length')
    case 'map':
      return failedBounds(shape, Object.keys(value as object).length, 'length')
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      return failedBounds(shape, value as number, 'value')
    default:
      return NONE
  }
}

const NONE: readonly string[] = []

interface Bounds {
  readonly min?: number
  readonly max?: number
}

function failedBounds({ min, max }: Bounds, measure: number, of: 'length' | 'value'): readonly string[] {
  if (max !== undefined && measure > max) return [maxText(of, max)]
  if (min !== undefined && measure < min) return [minText(of, min)]
  return NONE
}

const maxText = (of: string, max: number) => `Member must have ${of} less than or equal to ${max}`
const minText = (of: string, min: number) => `Member must have ${of} greater than or equal to ${min}`
const patternText = ({ style }: Check, shapeName: string, pattern: string) =>
  `Member must satisfy regular expression pattern: ${style.patternTexts[shapeName] ?? pattern}`
const enumText = ({ style }: Check, shapeName: string, words: readonly string[]) =>
  `Member must satisfy enum value set: [${(style.enumOrders[shapeName] ?? words).join(', ')}]`

/** Every constraint of a scalar shape, kept or not: so the framework prints those of list and map members. */
function allConstraints(check: Check, shapeName: string, shape: Shape): string {
  const { min, max } = shape as Bounds
  const of = shape.kind === 'string' || shape.kind === 'blob' ? 'length' : 'value'
  const texts: string[] = []
  if (max !== undefined) texts.push(maxText(of, max))
  if (min !== undefined) texts.push(minText(of, min))
  if (shape.kind === 'string' && shape.pattern !== undefined) texts.push(patternText(check, shapeName, shape.pattern))
  if (shape.kind === 'string' && shape.enum !== undefined) texts.push(enumText(check, shapeName, shape.enum))
  return texts.join(', ')
}

const expressions = new Map<string, RegExp>()

function compiled(pattern: string): RegExp {
  const known = expressions.get(pattern)
  if (known !== undefined) return known
  const expression = compilePattern(pattern)
  expressions.set(pattern, expression)
  return expression
}

function report({ style, found }: Check, value: unknown, path: string, constraint: string): void {
  if (found.length >= VALIDATION_ERRORS_MAX) return
  const shown = style.values === 'hidden' && !(value instanceof Uint8Array) ? '' : ` ${printed(value)}`
  found.push(`Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`)
}

function printed(value: unknown): string {
  if (value === undefined) return 'null'
  const text = javaText(value)
  return `'${text.length > PRINTED_VALUE_LENGTH_MAX ? `${text.slice(0, PRINTED_VALUE_LENGTH_MAX)}…` : text}'`
}

/** As Java prints lists, maps and byte buffers. */
function javaText(value: unknown): string {
  if (value instanceof Uint8Array) {
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.byteLength} cap=${value.byteLength}]`
  }
  if (Array.isArray(value)) return `[${value.slice(0, 100).map(javaText).join(', ')}]`
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).slice(0, 100)
    return `{${entries.map(([key, entry]) => `${key}=${javaText(entry)}`).join(', ')}}`
  }
  return String(value)
}

const camelNames = new Map<string, string>()

function memberPath(path: string, key: string): string {
  let name = camelNames.get(key)
  if (name === undefined) {
    name = lowerCamel(key)
    camelNames.set(key, name)
  }
  return path === '' ? name : `${path}.${name}`
}

/** `S3DestinationConfiguration` → `s3DestinationConfiguration`, `RoleARN` → `roleARN`, `ARN` → `aRN` as AWS prints it. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
