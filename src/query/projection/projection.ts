/**
 * Partition projection (D9; Athena user guide, "Partition projection"): partitions that no catalog lists, because the
 * table's properties say which there are and where they lie.
 */
import type { Table } from '../../catalog/types.ts'
import { EngineFailure } from '../../engine/engine.ts'
import { type DateFormat, dateFormat, later, type Unit } from './date-format.ts'

export interface Projection {
  /** In the order of the table's keys. */
  readonly columns: readonly ProjectedColumn[]
  /** `s3://…/` of the partition with these values. */
  locationOf(values: readonly string[]): string
}

export type ProjectedColumn =
  /** All values, in their order. */
  | { readonly kind: 'listed'; readonly name: string; values(nowMs: number): Iterable<string> }
  /** Only the query says which. */
  | { readonly kind: 'injected'; readonly name: string }

export function isProjected({ parameters }: Pick<Table, 'parameters'>): boolean {
  return parameters['projection.enabled']?.trim().toLowerCase() === 'true'
}

/** Throws HIVE_METASTORE_ERROR where the properties do not say enough. */
export function projectionOf(table: Table): Projection {
  const { parameters } = table
  const keys = table.partitionKeys.map(({ name }) => name.toLowerCase())
  const properties = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]))
  const missing = keys.filter((key) => !properties.has(`projection.${key}.type`))
  if (missing.length > 0) {
    throw failure(
      `Table ${table.database}.${table.name} is configured for partition projection, but the following partition columns are missing projection configuration: [${missing.join(', ')}]`,
      table,
    )
  }
  const columns = keys.map((key) => {
    const property = (name: string) => properties.get(`projection.${key}.${name}`)?.trim()
    try {
      return projectedColumn(key, property)
    } catch (error) {
      throw error instanceof Problem ? failure(`projection.${key}.${error.message}`, table) : error
    }
  })
  return { columns, locationOf: locations(table, keys, properties.get('storage.location.template')) }
}

function failure(message: string, { database, name }: Table): EngineFailure {
  return new EngineFailure('HIVE_METASTORE_ERROR', `${message} (table ${database}.${name})`)
}

/** `range: …`: what is wrong with which property. */
class Problem extends Error {}

type Properties = (name: string) => string | undefined

function projectedColumn(name: string, property: Properties): ProjectedColumn {
  switch (property('type')?.toLowerCase()) {
    case 'enum':
      return { kind: 'listed', name, values: constant(enumValues(property)) }
    case 'integer':
      return { kind: 'listed', name, values: integers(property) }
    case 'date':
      return { kind: 'listed', name, values: dates(property) }
    case 'injected':
      return { kind: 'injected', name }
    default:
      throw new Problem(`type must be enum, integer, date or injected, not '${property('type') ?? ''}'`)
  }
}

const constant =
  <Value>(value: Value) =>
  () =>
    value

function enumValues(property: Properties): readonly string[] {
  return needed(property, 'values')
    .split(',')
    .map((value) => value.trim())
}

function integers(property: Properties): () => Iterable<string> {
  const [from, to] = range(property)
  const [low, high] = [wholeNumber('range', from), wholeNumber('range', to)]
  const interval = property('interval') === undefined ? 1n : wholeNumber('interval', property('interval') ?? '')
  const digits = property('digits') === undefined ? 0 : Number(wholeNumber('digits', property('digits') ?? ''))
  if (interval < 1n) throw new Problem('interval must be 1 or more')
  if (low > high) throw new Problem(`range must begin with the lesser number, not ${low},${high}`)
  return function* () {
    for (let value = low; value <= high; value += interval) {
      const text = String(value < 0n ? -value : value).padStart(digits, '0')
      yield value < 0n ? `-${text}` : text
    }
  }
}

function dates(property: Properties): (nowMs: number) => Iterable<string> {
  const pattern = needed(property, 'format')
  const format = dateFormat(pattern)
  if ('problem' in format) throw new Problem(`format: ${format.problem}`)
  const [from, to] = range(property)
  const [first, last] = [moment(from, format), moment(to, format)]
  const [interval, unit] = dateInterval(property, format)
  return function* (nowMs) {
    const [start, end] = [first(nowMs), last(nowMs)]
    for (let count = 0; ; count += interval) {
      const ms = later(start, count, unit)
      if (ms > end) return
      yield format.format(ms)
    }
  }
}

const NOW = /^NOW\s*(?:([+-])\s*(\d+)\s*(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?$/

/** A moment as the format has it, or one that depends on when the query runs, to the precision of the format. */
function moment(text: string, format: DateFormat): (nowMs: number) => number {
  const [isNow, sign, count, unit] = NOW.exec(text) ?? []
  if (isNow === undefined) {
    const ms = format.parse(text)
    if (ms === undefined) throw new Problem(`range: '${text}' is no date of the format`)
    return () => ms
  }
  const moved = (nowMs: number) =>
    unit === undefined ? nowMs : later(nowMs, Number(count) * (sign === '-' ? -1 : 1), `${unit}S` as Unit)
  return (nowMs) => format.parse(format.format(moved(nowMs))) ?? moved(nowMs)
}

const UNITS: readonly Unit[] = ['YEARS', 'MONTHS', 'WEEKS', 'DAYS', 'HOURS', 'MINUTES', 'SECONDS', 'MILLIS']

/** A day, or a month, where the format ends there; of others it must be said. */
function dateInterval(property: Properties, { precision }: DateFormat): [number, Unit] {
  const hasDefault = precision === 'DAYS' || precision === 'MONTHS'
  const unitText = hasDefault ? (property('interval.unit') ?? precision) : needed(property, 'interval.unit')
  const unit = UNITS.find((one) => one === unitText.toUpperCase() || one === `${unitText.toUpperCase()}S`)
  if (unit === undefined) throw new Problem(`interval.unit must be one of ${UNITS.join(', ')}, not '${unitText}'`)
  const interval = hasDefault ? (property('interval') ?? '1') : needed(property, 'interval')
  const count = Number(wholeNumber('interval', interval))
  if (count < 1) throw new Problem('interval must be 1 or more')
  return [count, unit]
}

function range(property: Properties): [string, string] {
  const ends = needed(property, 'range')
    .split(',')
    .map((end) => end.trim())
  const [from, to] = ends
  if (from === undefined || to === undefined || ends.length !== 2)
    throw new Problem(`range must be two values with a comma between them, not '${property('range')}'`)
  return [from, to]
}

function wholeNumber(name: string, text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new Problem(`${name} must be a whole number, not '${text}'`)
  return BigInt(text)
}

function needed(property: Properties, name: string): string {
  const value = property(name)
  if (value === undefined || value === '') throw new Problem(`${name} is missing`)
  return value
}

function locations(table: Table, keys: readonly string[], template: string | undefined) {
  const base = (table.storage?.location ?? '').replace(/\/+$/, '')
  if (template === undefined || template === '')
    return (values: readonly string[]) => `${base}/${keys.map((key, index) => `${key}=${values[index]}`).join('/')}/`
  const absent = keys.filter((key) => !template.toLowerCase().includes(`\${${key}}`))
  if (absent.length > 0)
    throw failure(`storage.location.template does not name the partition columns [${absent.join(', ')}]`, table)
  return (values: readonly string[]) =>
    template.replace(/\$\{([^}]*)\}/g, (whole, name: string) => values[keys.indexOf(name.toLowerCase())] ?? whole)
}
