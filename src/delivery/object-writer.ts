/**
 * Writes sealed batches as objects. Every put carries the batch's id, so that one that is made again after a crash finds
 * the object there and makes no second one.
 */
import type { ObjectStore, PutOptions } from '../objects/object-store.ts'
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import { codecs, gzipLevel } from './compression.ts'
import type { ConversionFigures, Conversions } from './conversion/conversions.ts'
import type { ObjectTarget } from './destination.ts'
import type { Journal, SealedBatch } from './journal/journal.ts'
import type { FailedRecord } from './processing/record.ts'

export interface ObjectWriterParts<Target> {
  readonly journal: Journal<Target | ObjectTarget>
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly conversions: Pick<Conversions, 'convert'>
  readonly onConverted: (figures: ConversionFigures) => void
}

type Batch<Target> = SealedBatch<Target | ObjectTarget>
type TargetConversion = NonNullable<ObjectTarget['conversion']>

/** Of a table that was not there: no version of it is ever called that. */
const NO_VERSION = '0'

export class ObjectWriter<Target> {
  readonly #parts: ObjectWriterParts<Target>

  constructor(parts: ObjectWriterParts<Target>) {
    this.#parts = parts
  }

  /** Whether an attempt that this process did not see the end of has begun to succeed. */
  async isBegun({ bucket, key, conversion }: ObjectTarget): Promise<boolean> {
    if (await this.#isThere({ bucket, key })) return true
    return conversion !== undefined && (await this.#isThere({ bucket, key: conversion.errorKey }))
  }

  /** All objects of the batch are there when it resolves; those that were there already stay as they are. */
  async write(batch: Batch<Target>, target: ObjectTarget): Promise<void> {
    if (target.conversion === undefined) await this.#put(target, this.#encoded(batch, target), batch.id)
    else await this.#convert(batch, target, target.conversion)
  }

  #encoded(batch: Batch<Target>, { compression }: ObjectTarget): AsyncIterable<Uint8Array> {
    const { journal, clock } = this.#parts
    const { bytes, firstRecordAtMs = 0 } = batch
    const level = gzipLevel({ bytes, ageMs: clock.nowMs() - firstRecordAtMs, backlogBytes: journal.backlogBytes })
    return codecs[compression].encode(journal.body(batch), level, batch.id)
  }

  /** The version of the schema and the moment are kept before anything is written, so that doing it again gives the same. */
  async #convert(batch: Batch<Target>, target: ObjectTarget, conversion: TargetConversion): Promise<void> {
    const { journal, conversions, clock, onConverted } = this.#parts
    const attemptMs = conversion.attemptMs ?? clock.nowMs()
    const converted = await conversions.convert(journal.records(batch), conversion, { attemptMs })
    if (conversion.attemptMs === undefined) {
      const schema = { ...conversion.schema, version: converted.schemaVersion ?? NO_VERSION }
      await journal.retarget(batch, { ...target, conversion: { ...conversion, schema, attemptMs } })
    }
    if (converted.body !== undefined) await this.#put(target, converted.body, batch.id)
    if (converted.failed.count > 0) {
      const { bucket, kmsKeyArn } = target
      const place = { bucket, key: conversion.errorKey, kmsKeyArn, compression: 'UNCOMPRESSED' } as const
      await this.#put(place, lines(converted.failed), `${batch.id}/failed`)
    }
    onConverted(converted.figures)
  }

  async #put(
    {
      bucket,
      key,
      compression,
      kmsKeyArn,
    }: Pick<ObjectTarget, 'bucket' | 'key' | 'compression'> & {
      readonly kmsKeyArn?: string | undefined
    },
    body: AsyncIterable<Uint8Array> | Uint8Array,
    onceToken: string,
  ): Promise<void> {
    const { metadata } = codecs[compression]
    const encryption = kmsKeyArn === undefined ? undefined : underKey(kmsKeyArn)
    const options: PutOptions = { metadata, onceToken, ...(encryption !== undefined && { encryption }) }
    await this.#parts.objects.put({ bucket, key }, body, options)
  }

  async #isThere(ref: { readonly bucket: string; readonly key: string }): Promise<boolean> {
    try {
      await this.#parts.objects.head(ref)
      return true
    } catch (error) {
      if (isRefusal(error) && (error.code === 'noSuchKey' || error.code === 'noSuchBucket')) return false
      throw error
    }
  }
}

function underKey(keyArn: string): PutOptions['encryption'] {
  return { kind: 'kms', keyId: keyArn.slice(keyArn.lastIndexOf('/') + 1), keyArn, usesBucketKey: false }
}

async function* lines(failed: Iterable<FailedRecord>): AsyncGenerator<Uint8Array> {
  for (const { entry } of failed) yield Buffer.from(`${JSON.stringify(entry)}\n`)
}
