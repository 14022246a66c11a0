/** What the event loop and a byte thread say to each other. Buffers are transferred, never copied. */

import type { Digests } from '../digests.ts'
import type { ChecksumAlgorithm } from '../object-store.ts'

/** Part of a blob to be decrypted into a plain file. */
export interface OpenPiece {
  readonly source: { readonly path: string } | { readonly sealed: Uint8Array }
  readonly key: Uint8Array
  /** Plain size of the whole blob. */
  readonly blobBytes: number
  readonly firstFrame: number
  readonly frames: number
  readonly target: string
  /** Where in the target the piece begins. */
  readonly targetPosition: number
}

/** A blob to be read whole: every frame authenticated, the plain bytes digested and thrown away. */
export interface VerifyPiece extends Pick<OpenPiece, 'source' | 'key' | 'blobBytes'> {
  readonly algorithms: readonly ChecksumAlgorithm[]
}

export type Verified = { readonly digests: Digests } | { readonly error: ThreadFailure }

export type ToThread =
  | {
      readonly kind: 'beginSealing'
      readonly stream: number
      readonly key: Uint8Array
      readonly algorithms: readonly ChecksumAlgorithm[]
    }
  /** `plain` must fill whole frames unless `endsObject`. `spare` is an earlier answer's `sealed`, to be used again. */
  | {
      readonly kind: 'seal'
      readonly stream: number
      readonly plain: ArrayBuffer
      readonly plainBytes: number
      readonly spare: ArrayBuffer | undefined
      readonly endsObject: boolean
    }
  | { readonly kind: 'abandonSealing'; readonly stream: number }
  | { readonly kind: 'open'; readonly job: number; readonly pieces: readonly OpenPiece[] }
  | { readonly kind: 'verify'; readonly job: number; readonly pieces: readonly VerifyPiece[] }

export type FromThread =
  | {
      readonly kind: 'sealed'
      readonly stream: number
      /** The buffer that came with the order, to be filled again. */
      readonly plain: ArrayBuffer
      readonly sealed: ArrayBuffer
      readonly sealedBytes: number
      /** With the last bytes only. */
      readonly digests: Digests | undefined
    }
  | { readonly kind: 'sealFailed'; readonly stream: number; readonly error: ThreadFailure }
  | { readonly kind: 'opened'; readonly job: number }
  | { readonly kind: 'openFailed'; readonly job: number; readonly error: ThreadFailure }
  /** One outcome a piece, in their order. */
  | { readonly kind: 'verified'; readonly job: number; readonly outcomes: readonly Verified[] }

/** An error as it crosses: classes do not survive, so a refusal travels by its code and a system error by its own. */
export interface ThreadFailure {
  readonly refusalCode: string | undefined
  readonly systemCode: string | undefined
  readonly message: string
}
