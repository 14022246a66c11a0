/** Avro object container files: a header with the schema, then blocks of records, each compressed by itself. */
import { randomBytes } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'
import { compressSync } from 'snappy'
import { type AvroEncoder, ByteSink, type JsonValue } from './encoder.ts'

export type AvroCodec = 'null' | 'deflate' | 'snappy'

const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01])
const SYNC_BYTES = 16
/** Before compression; a block ends when it has this many. */
const BLOCK_BYTES = 256 * 1024

export class AvroFileWriter {
  readonly #encoder: AvroEncoder
  readonly #codec: AvroCodec
  readonly #sync: Buffer
  readonly #records = new ByteSink()
  #count = 0

  /** @param sync 16 bytes that no block is likely to have; tests give their own */
  constructor(encoder: AvroEncoder, codec: AvroCodec, sync: Buffer = randomBytes(SYNC_BYTES)) {
    this.#encoder = encoder
    this.#codec = codec
    this.#sync = sync
  }

  header(): Buffer {
    const out = new ByteSink()
    out.long(2)
    for (const [key, value] of Object.entries({ 'avro.schema': this.#encoder.schemaText, 'avro.codec': this.#codec })) {
      out.bytes(Buffer.from(key))
      out.bytes(Buffer.from(value))
    }
    out.long(0)
    return Buffer.concat([MAGIC, out.take(), this.#sync])
  }

  /** Gives a block when one is full. */
  add(values: readonly JsonValue[]): Buffer | undefined {
    this.#encoder.add(values, this.#records)
    this.#count++
    return this.#records.length >= BLOCK_BYTES ? this.block() : undefined
  }

  /** What is left; undefined: nothing. */
  block(): Buffer | undefined {
    if (this.#count === 0) return undefined
    const packed = CODECS[this.#codec](this.#records.take())
    const head = new ByteSink()
    head.long(this.#count)
    head.long(packed.length)
    this.#count = 0
    return Buffer.concat([head.take(), packed, this.#sync])
  }
}

const CODECS: Readonly<Record<AvroCodec, (plain: Buffer) => Buffer>> = {
  null: (plain) => plain,
  deflate: (plain) => deflateRawSync(plain),
  snappy(plain) {
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(plain))
    return Buffer.concat([compressSync(plain), checksum])
  },
}
