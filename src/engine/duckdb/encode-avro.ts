/** Makes Avro files of the lines of JSON that DuckDB has written, in the engine process: DuckDB writes no Avro. */
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { avroEncoder, type JsonValue } from '../../formats/avro/write/encoder.ts'
import { AvroFileWriter } from '../../formats/avro/write/file-writer.ts'
import type { AvroOrder } from './child-protocol.ts'

/** Each line is a list of the values of a record. The lines are removed. */
export async function encodeAvro(orders: readonly AvroOrder[]): Promise<void> {
  for (const { path, target, fields, codec } of orders) {
    const writer = new AvroFileWriter(avroEncoder(fields), codec)
    const file = await open(target, 'wx', 0o600)
    try {
      await file.writeFile(writer.header())
      for await (const line of createInterface({
        input: createReadStream(path),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        const block = writer.add(Object.values(JSON.parse(line) as { readonly [column: string]: JsonValue }))
        if (block !== undefined) await file.writeFile(block)
      }
      const last = writer.block()
      if (last !== undefined) await file.writeFile(last)
    } finally {
      await file.close()
    }
    await rm(path)
  }
}
