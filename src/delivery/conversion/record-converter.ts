/**
 * Records in, a Parquet file out, and those that are bad: what one conversion does, in whatever thread. The same records, schema
 * and settings give the same bytes.
 */
import { ParquetFileWriter } from '../../formats/parquet/write/file-writer.ts'
import { parquetSchema } from '../../formats/parquet/write/schema.ts'
import type { Conversion } from '../destination.ts'
import { BadRecord, type ConversionErrorCode } from './bad-record.ts'
import { RowReader } from './row-reader.ts'
import { rulesOf } from './rules.ts'
import type { ConversionColumn } from './schema.ts'

export interface Failure {
  readonly code: ConversionErrorCode
  readonly message: string
}

export class RecordConverter {
  readonly #file: ParquetFileWriter
  readonly #reader: RowReader

  constructor(
    columns: readonly ConversionColumn[],
    { deserializer, serializer }: Pick<Conversion, 'deserializer' | 'serializer'>,
  ) {
    const schema = parquetSchema(columns)
    this.#file = new ParquetFileWriter(schema, {
      compression: serializer.compression,
      pageBytes: serializer.pageBytes,
      blockBytes: serializer.blockBytes,
      usesDictionary: serializer.usesDictionary,
      version: serializer.writerVersion,
    })
    this.#reader = new RowReader(schema, this.#file.leaves, columns, rulesOf(deserializer))
  }

  get rows(): number {
    return this.#file.rows
  }

  /** Why the record is bad; undefined when its rows are in. */
  add(record: Buffer): Failure | undefined {
    this.#file.beginRows()
    try {
      this.#file.commitRows(this.#reader.read(record))
      return undefined
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error
      this.#file.dropRows()
      return { code: error.code, message: error.message }
    }
  }

  finish(): void {
    this.#file.finish()
  }

  /** The file since the last time this was asked. */
  takeBytes(): readonly Uint8Array[] {
    return this.#file.takeBytes()
  }
}
