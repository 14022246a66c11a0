/**
 * Syncs the write-ahead log of a database off the event loop. SQLite does the same at each commit with synchronous=FULL,
 * but makes the thread that commits wait for the disk.
 *
 * The log is one file that is only appended to between checkpoints (which sync by themselves), so a sync makes durable
 * whatever was committed before it began. After one that fails nobody can tell what the disk has: the system reports
 * lost pages once and forgets them. From then on nothing is durable any more, until a new start reads what is there.
 */
import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { Refusal } from './refusal.ts'

/** Resolves when all that was written to the open file so far survives a loss of power. */
export type SyncFile = (file: number) => Promise<void>

export const syncFile: SyncFile = promisify(fdatasync)

export class WriteAheadLog {
  readonly #path: string
  readonly #sync: SyncFile
  readonly #file: number
  #underWay: Promise<void> = Promise.resolve()
  #failure: Refusal | undefined

  /** Syncs what is there: a lake that was killed may not have, and from here on it is acted upon. */
  constructor(path: string, sync: SyncFile) {
    this.#path = path
    this.#sync = sync
    this.#file = openSync(path, 'r')
    fdatasyncSync(this.#file)
  }

  /** Why nothing becomes durable any more. */
  get failure(): Refusal | undefined {
    return this.#failure
  }

  /** Resolves when the sync that began last has ended, well or not. */
  get settled(): Promise<void> {
    return this.#underWay
  }

  /** Resolves when all that was committed before is durable, or `failure` is set. */
  sync(): Promise<void> {
    this.#underWay = this.#sync(this.#file).catch((cause) => this.#fail(cause))
    return this.#underWay
  }

  /** As `sync`, at once. */
  syncNow(): void {
    try {
      fdatasyncSync(this.#file)
    } catch (cause) {
      this.#fail(cause)
    }
  }

  close(): void {
    // The number of a file that is closed under a sync could become another file's.
    void this.#underWay.then(() => closeSync(this.#file))
  }

  #fail(cause: unknown): void {
    this.#failure ??= new Refusal(
      'dataDirectoryFailed',
      `The disk failed to keep what was written to ${this.#path} (${(cause as Error).message}), so nothing more is taken. Mend the disk and start lakelet anew.`,
      { cause },
    )
  }
}
