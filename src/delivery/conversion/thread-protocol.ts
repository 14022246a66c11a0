/** What the main thread and a conversion thread say to each other. A thread has one job at a time; its answers come in order. */
import type { Conversion } from '../destination.ts'
import type { Failure } from './record-converter.ts'
import type { ConversionColumn } from './schema.ts'

export type ToConversionThread =
  | {
      readonly kind: 'begin'
      readonly job: number
      readonly columns: readonly ConversionColumn[]
      readonly settings: Pick<Conversion, 'deserializer' | 'serializer'>
    }
  /** Some records behind each other; `ends[i]` is where the one of that index ends. */
  | { readonly kind: 'add'; readonly job: number; readonly bytes: ArrayBuffer; readonly ends: Uint32Array }
  | { readonly kind: 'finish'; readonly job: number }
  /** Nobody waits for the outcome any more. */
  | { readonly kind: 'abandon'; readonly job: number }

export type FromConversionThread =
  /** `bytes` comes back, so that the raw data of what is bad needs no copy before it is known to be. */
  | {
      readonly kind: 'added'
      readonly job: number
      readonly bytes: ArrayBuffer
      readonly failures: readonly IndexedFailure[]
    }
  /** A piece of the file, in order, before the answer to the message that finished it. */
  | { readonly kind: 'file'; readonly job: number; readonly bytes: Uint8Array }
  | { readonly kind: 'finished'; readonly job: number; readonly rows: number }
  /** A bug, or no memory: the job is over. */
  | { readonly kind: 'broken'; readonly job: number; readonly message: string }

export interface IndexedFailure extends Failure {
  readonly index: number
}
