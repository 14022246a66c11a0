/** StorageDescriptor and columns between the wire and the catalog. Defaults as Glue reads them back. */
import type { Column, Storage } from '../../../catalog/types.ts'
import type { StorageDescriptor, Column as WireColumn } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'

export function toColumn(wire: WireColumn): Column {
  return {
    name: wire.Name,
    type: wire.Type ?? '',
    ...(wire.Comment !== undefined && { comment: wire.Comment }),
    ...(wire.Parameters !== undefined && { parameters: wire.Parameters }),
  }
}

export function fromColumn(column: Column): WireColumn {
  return { Name: column.name, Type: column.type, Comment: column.comment, Parameters: column.parameters }
}

export function toStorage(wire: StorageDescriptor): Storage {
  if (wire.AdditionalLocations !== undefined && wire.AdditionalLocations.length > 0) {
    throw invalidInput('StorageDescriptor.AdditionalLocations is not offered by lakelet: leave it out.')
  }
  const passThrough = {
    ...(wire.SkewedInfo !== undefined && { SkewedInfo: wire.SkewedInfo }),
    ...(wire.SchemaReference !== undefined && { SchemaReference: wire.SchemaReference }),
  }
  return {
    columns: (wire.Columns ?? []).map(toColumn),
    location: wire.Location,
    inputFormat: wire.InputFormat,
    outputFormat: wire.OutputFormat,
    compressed: wire.Compressed ?? false,
    numberOfBuckets: wire.NumberOfBuckets ?? 0,
    serde: wire.SerdeInfo && {
      name: wire.SerdeInfo.Name,
      library: wire.SerdeInfo.SerializationLibrary,
      parameters: wire.SerdeInfo.Parameters ?? {},
    },
    bucketColumns: wire.BucketColumns ?? [],
    sortColumns: (wire.SortColumns ?? []).map((order) => ({ column: order.Column, sortOrder: order.SortOrder })),
    parameters: wire.Parameters ?? {},
    storedAsSubDirectories: wire.StoredAsSubDirectories ?? false,
    ...(Object.keys(passThrough).length > 0 && { passThrough }),
  }
}

export function fromStorage(storage: Storage, options: { withoutColumns?: boolean } = {}): StorageDescriptor {
  return {
    ...(options.withoutColumns ? {} : { Columns: storage.columns.map(fromColumn) }),
    Location: storage.location,
    InputFormat: storage.inputFormat,
    OutputFormat: storage.outputFormat,
    Compressed: storage.compressed,
    NumberOfBuckets: storage.numberOfBuckets,
    SerdeInfo: storage.serde && {
      Name: storage.serde.name,
      SerializationLibrary: storage.serde.library,
      Parameters: storage.serde.parameters,
    },
    BucketColumns: storage.bucketColumns,
    SortColumns: storage.sortColumns.map((order) => ({ Column: order.column, SortOrder: order.sortOrder })),
    Parameters: storage.parameters,
    StoredAsSubDirectories: storage.storedAsSubDirectories,
    ...storage.passThrough,
  }
}

export function toDate(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms)
}
