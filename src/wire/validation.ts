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
  checkStructure({ model, style, found, path: [] }, model.shapes[shapeName] as StructureShape, value)
  if (found.length === 0) return undefined
  return `${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${found.join('; ')}`
}

interface Check {
  readonly model: ServiceModel
  readonly style: ValidationStyle
  readonly found: string[]
  /**
   * Where the walk stands: names of members, positions from 0, keys of maps. Spelled only when something is reported,
   * because nearly all input is right and a batch of records has 500 of these.
   */
  readonly path: PathStep[]
}

type PathStep = { readonly member: string } | { readonly key: string } | number

function checkStructure(check: Check, shape: StructureShape, value: unknown): void {
  const record = value as Readonly<Record<string, unknown>>
  for (const key of shape.required ?? NONE) {
    if (record[key] === undefined) report(check, undefined, 'Member must not be null', { member: key })
  }
  for (const key in shape.members) {
    const memberValue = record[key]
    if (memberValue !== undefined) checkAt(check, stepTo(key), shape.members[key] as Member, memberValue)
  }
}

function checkAt(check: Check, step: PathStep, member: Member, value: unknown): void {
  check.path.push(step)
  checkValue(check, member, value)
  check.path.pop()
}

function checkValue(check: Check, member: Member, value: unknown): void {
  if (check.found.length >= VALIDATION_ERRORS_MAX) return
  const shape = check.model.shapes[member.shape] as Shape
  for (const constraint of failedConstraints(check, member.shape, shape, value)) report(check, value, constraint)
  switch (shape.kind) {
    case 'structure':
      checkStructure(check, shape, value)
      break
    case 'list':
      checkItems(check, shape, value as readonly unknown[])
      break
    case 'map':
      checkEntries(check, shape, value as Readonly<Record<string, unknown>>)
      break
  }
}

function checkItems(check: Check, shape: ListShape, items: readonly unknown[]): void {
  const itemShape = check.model.shapes[shape.member.shape] as Shape
  if (itemShape.kind === 'structure' || itemShape.kind === 'list' || itemShape.kind === 'map') {
    for (let index = 0; index < items.length; index++) checkAt(check, index, shape.member, items[index])
  } else if (items.some((item) => failedConstraints(check, shape.member.shape, itemShape, item).length > 0)) {
    report(check, items, `Member must satisfy constraint: [${allConstraints(check, shape.member.shape, itemShape)}]`)
  }
}

function checkEntries(check: Check, shape: MapShape, entries: Readonly<Record<string, unknown>>): void {
  const keyShape = check.model.shapes[shape.key.shape] as Shape
  const valueShape = check.model.shapes[shape.value.shape] as Shape
  const isScalar = valueShape.kind !== 'structure' && valueShape.kind !== 'list' && valueShape.kind !== 'map'
  let keyReported = false
  let valueReported = false
  for (const key of Object.keys(entries)) {
    if (!keyReported && failedConstraints(check, shape.key.shape, keyShape, key).length > 0) {
      keyReported = true
      report(check, entries, `Map keys must satisfy constraint: [${allConstraints(check, shape.key.shape, keyShape)}]`)
    }
    if (!isScalar) {
      checkAt(check, { key }, shape.value, entries[key])
    } else if (!valueReported && failedConstraints(check, shape.value.shape, valueShape, entries[key]).length > 0) {
      valueReported = true
      report(
        check,
        entries,
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

/** `missing`: a member below the place where the walk stands. */
function report({ style, found, path }: Check, value: unknown, constraint: string, missing?: PathStep): void {
  if (found.length >= VALIDATION_ERRORS_MAX) return
  const shown = style.values === 'hidden' && !(value instanceof Uint8Array) ? '' : ` ${printed(value)}`
  const place = (missing === undefined ? path : [...path, missing]).map(stepText).join('.')
  found.push(`Value${shown} at '${place}' failed to satisfy constraint: ${constraint}`)
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

function stepText(step: PathStep): string {
  if (typeof step === 'number') return `${step + 1}.member`
  return 'key' in step ? `${step.key}.member` : lowerCamel(step.member)
}

const memberSteps = new Map<string, PathStep>()

/** One for each name, so that the walk makes no garbage. */
function stepTo(member: string): PathStep {
  const known = memberSteps.get(member)
  if (known !== undefined) return known
  const step = { member }
  memberSteps.set(member, step)
  return step
}

/** `S3DestinationConfiguration` → `s3DestinationConfiguration`, `RoleARN` → `roleARN`, `ARN` → `aRN` as AWS prints it. */
function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
