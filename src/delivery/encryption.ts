/**
 * Server-side encryption of a stream: what was asked for, what is so, and the way from one to the other.
 *
 *   DISABLED ── start ──▶ ENABLING ──▶ ENABLED ── start ──▶ ENABLING (another key)
 *                            └──▶ ENABLING_FAILED ── start ──▶ ENABLING
 *   ENABLED, ENABLING_FAILED ── stop ──▶ DISABLING ──▶ DISABLED
 *
 * A change that fails leaves in effect what was before it, as on AWS: a stream whose key could not be changed goes on
 * being encrypted under the old one, while its status says ENABLING_FAILED.
 */
import { Refusal } from '../platform/refusal.ts'
import type { JournalEncryption } from './journal-keys.ts'

export type EncryptionStatus =
  | 'DISABLED'
  | 'ENABLING'
  | 'ENABLED'
  | 'ENABLING_FAILED'
  | 'DISABLING'
  | 'DISABLING_FAILED'

export interface StreamEncryption {
  readonly status: EncryptionStatus
  /** The one asked for last; absent where none is. */
  readonly key?: JournalEncryption
  /** The one that records are kept under now; absent: they are kept in the clear. */
  readonly inEffect?: JournalEncryption
  /** Why the last change failed. */
  readonly failure?: EncryptionFailure
  /** When encryption was started or stopped within the last 24 hours. */
  readonly changesAtMs: readonly number[]
}

export interface EncryptionFailure {
  /** Of the refusal: `keyDisabled`, `keyNotFound`, …; `unknown` of anything else. */
  readonly code: string
  readonly message: string
}

export const unencrypted: StreamEncryption = { status: 'DISABLED', changesAtMs: [] }

/** Of a stream that is made with it. */
export function encryptionAtCreation(key: JournalEncryption | undefined): StreamEncryption {
  return key === undefined ? unencrypted : { status: 'ENABLING', key, changesAtMs: [] }
}

/** AWS's quota on starting and stopping, together, a stream. */
const CHANGES_MAX = 25
const DAY_MS = 24 * 60 * 60 * 1000

/** undefined: no more encryption. Refuses 'streamBusy' during a change, and 'tooManyEncryptionChanges'. */
export function changing(
  { name, encryption: current }: { readonly name: string; readonly encryption: StreamEncryption },
  key: JournalEncryption | undefined,
  nowMs: number,
): StreamEncryption {
  const { status, inEffect } = current
  if (isChanging(current))
    throw new Refusal('streamBusy', `Encryption of stream ${name} is ${status}.`, { fields: { name, state: status } })
  const recent = current.changesAtMs.filter((atMs) => atMs > nowMs - DAY_MS)
  if (recent.length >= CHANGES_MAX)
    throw new Refusal(
      'tooManyEncryptionChanges',
      `Encryption of a delivery stream can be started and stopped ${CHANGES_MAX} times in 24 hours.`,
    )
  const changesAtMs = [...recent, nowMs]
  if (key !== undefined) return { status: 'ENABLING', key, inEffect, changesAtMs }
  return { status: inEffect === undefined ? 'DISABLED' : 'DISABLING', inEffect, changesAtMs }
}

export function isChanging({ status }: StreamEncryption): boolean {
  return status === 'ENABLING' || status === 'DISABLING'
}

/** What was asked for is so. */
export function changed({ key, changesAtMs }: StreamEncryption): StreamEncryption {
  if (key === undefined) return { status: 'DISABLED', changesAtMs }
  return { status: 'ENABLED', key, inEffect: key, changesAtMs }
}

/** What was before goes on. */
export function notChanged(current: StreamEncryption, failure: EncryptionFailure): StreamEncryption {
  const { key, inEffect, changesAtMs } = current
  const status = current.status === 'DISABLING' ? 'DISABLING_FAILED' : 'ENABLING_FAILED'
  return { status, key, inEffect, failure, changesAtMs }
}
