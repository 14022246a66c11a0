/** What the main thread and a jq thread say to each other. */
import type { WasmModule } from './web-assembly.ts'

export interface ThreadData {
  /** See `shared`. */
  readonly words: Int32Array
  /** jq, when a thread before has compiled it. */
  readonly module: WasmModule | undefined
}

/** Values of partition keys by name, or why a record has none. */
export type Extraction = Readonly<Record<string, string>> | string

/** One record after the other in `bytes`; each one's end. */
export interface PackedRecords {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

export interface ExtractOrder extends PackedRecords {
  readonly kind: 'extract'
  readonly order: number
  readonly query: string
}

export interface CheckOrder {
  readonly kind: 'check'
  readonly order: number
  readonly query: string
}

export type ToThread = ExtractOrder | CheckOrder

export type FromThread =
  | { readonly kind: 'ready'; readonly module: WasmModule }
  | { readonly kind: 'extracted'; readonly order: number; readonly extractions: readonly Extraction[] }
  /** What jq says against the query. */
  | { readonly kind: 'checked'; readonly order: number; readonly complaint: string | undefined }

/**
 * Words that both sides see at all times, because a thread inside a query that does not end says nothing any more.
 * A thread never returns to its event loop: it sleeps on `orders` until there is one more of them.
 */
export const shared = {
  /** Grows with every order. */
  orders: 0,
  /** Grows with every step: while it does not, the thread is stuck. */
  steps: 1,
  /** What it is at: see `phases`. */
  phase: 2,
  /** The record of the order that it is at. */
  record: 3,
  words: 4,
} as const

export const phases = {
  /** Loading its own code. */
  booting: 0,
  /** Compiling a query, which takes jq tens of milliseconds. */
  compiling: 1,
  /** Running it over records. */
  running: 2,
} as const
