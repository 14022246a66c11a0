/**
 * Column statistics between the wire and the catalog: what JSON does not keep (dates, bytes of decimals) is kept as text
 * or numbers there.
 */
import type { ColumnStatistics } from '../../../catalog/types.ts'
import type {
  ColumnStatisticsData,
  ColumnStatisticsType,
  DecimalNumber,
  ColumnStatistics as WireColumnStatistics,
} from '../../../wire/model/glue.ts'

type DataMember = Exclude<keyof ColumnStatisticsData, 'Type'>

const MEMBERS: Readonly<Record<ColumnStatisticsType, DataMember>> = {
  BOOLEAN: 'BooleanColumnStatisticsData',
  DATE: 'DateColumnStatisticsData',
  DECIMAL: 'DecimalColumnStatisticsData',
  DOUBLE: 'DoubleColumnStatisticsData',
  LONG: 'LongColumnStatisticsData',
  STRING: 'StringColumnStatisticsData',
  BINARY: 'BinaryColumnStatisticsData',
}

/** undefined: its data are not of the type that it names. */
export function toColumnStatistics(wire: WireColumnStatistics): ColumnStatistics | undefined {
  const type = wire.StatisticsData.Type
  const data: object | undefined = wire.StatisticsData[MEMBERS[type]]
  if (data === undefined) return undefined
  const kept = Object.entries(data).map(([name, value]) => [name, keptValue(value)])
  return {
    column: wire.ColumnName,
    columnType: wire.ColumnType,
    analyzedAtMs: wire.AnalyzedTime.getTime(),
    data: { Type: type, ...Object.fromEntries(kept) },
  }
}

export function fromColumnStatistics({
  column,
  columnType,
  analyzedAtMs,
  data,
}: ColumnStatistics): WireColumnStatistics {
  const { Type, ...kept } = data as { readonly Type: ColumnStatisticsType }
  const members = Object.entries(kept).map(([name, value]) => [name, wireValue(Type, value)])
  return {
    ColumnName: column,
    ColumnType: columnType,
    AnalyzedTime: new Date(analyzedAtMs),
    StatisticsData: { Type, [MEMBERS[Type]]: Object.fromEntries(members) },
  }
}

function keptValue(value: unknown): unknown {
  if (value instanceof Date) return { ms: value.getTime() }
  if (typeof value !== 'object' || value === null) return value
  const { UnscaledValue, Scale } = value as DecimalNumber
  return { unscaled: Buffer.from(UnscaledValue).toString('base64'), scale: Scale }
}

/** The only members that are no numbers are the bounds of dates and decimals. */
function wireValue(type: ColumnStatisticsType, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (type === 'DATE') return new Date((value as { ms: number }).ms)
  const { unscaled, scale } = value as { unscaled: string; scale: number }
  return { UnscaledValue: Buffer.from(unscaled, 'base64'), Scale: scale } satisfies DecimalNumber
}
