/** What changed from one version of a table to the next, in words. */
import type { Column, Table } from '@aws-sdk/client-glue'

export function differences(before: Table, after: Table): readonly string[] {
  return [
    ...columnChanges('column', before.StorageDescriptor?.Columns ?? [], after.StorageDescriptor?.Columns ?? []),
    ...columnChanges('partition key', before.PartitionKeys ?? [], after.PartitionKeys ?? []),
    ...change('location', before.StorageDescriptor?.Location, after.StorageDescriptor?.Location),
    ...change(
      'SerDe',
      before.StorageDescriptor?.SerdeInfo?.SerializationLibrary,
      after.StorageDescriptor?.SerdeInfo?.SerializationLibrary,
    ),
    ...propertyChanges(before.Parameters ?? {}, after.Parameters ?? {}),
  ]
}

function columnChanges(noun: string, before: readonly Column[], after: readonly Column[]): string[] {
  const old = new Map(before.map(({ Name = '', Type = '' }) => [Name, Type]))
  const now = new Map(after.map(({ Name = '', Type = '' }) => [Name, Type]))
  return [
    ...[...now].filter(([name]) => !old.has(name)).map(([name, type]) => `${noun} ${name} (${type}) added`),
    ...[...old].filter(([name]) => !now.has(name)).map(([name]) => `${noun} ${name} removed`),
    ...[...now].flatMap(([name, type]) => {
      const was = old.get(name)
      return was !== undefined && was !== type ? [`${noun} ${name}: ${was} became ${type}`] : []
    }),
  ]
}

function change(noun: string, before: string | undefined, after: string | undefined): string[] {
  return before === after ? [] : [`${noun}: ${before ?? 'none'} became ${after ?? 'none'}`]
}

function propertyChanges(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return names.flatMap((name) => change(`property ${name}`, before[name], after[name]))
}
