/**
 * Gives the lake a new master key: every wrapped key is opened and wrapped anew, in bounded transactions between which
 * the lake goes on serving; no object is rewritten. Safe against a crash after every step, and resumed at the next start:
 *
 *   1. the new key is on disk (`master.next`), or was given from outside;
 *   2. the database names both keys; from here everything new is wrapped by the new one (`rewrapping`);
 *   3. batch by batch, what the old key wrapped is wrapped by the new one;
 *   4. the database names the new key alone (`settling`);
 *   5. the old key's file is replaced or removed, and the rotation is forgotten.
 */
import type { Log } from '../platform/log.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { TaskScope } from '../platform/tasks.ts'
import type { MasterKeys, RotationState } from './master-keys.ts'

/** One kind of keys wrapped by the master key. A component that keeps some says so, and they rotate with the rest. */
export interface WrappedKeys {
  /** Stands in the state of a rotation, so it never changes. */
  readonly name: string
  /** The greatest id there is. */
  last(): number
  /** Inside a transaction: the next keys by id, at most `limit`. */
  after(id: number, limit: number): readonly { readonly id: number; readonly owner: string; readonly wrapped: Buffer }[]
  /** Inside a transaction. */
  replace(id: number, wrapped: Buffer): void
}

export interface RotationProgress {
  readonly isRunning: boolean
  readonly rewrapped: number
  readonly damaged: number
  /** 0 to 1, of the keys gone through. */
  readonly done: number
}

/** Keys a transaction. At 512 one takes some 10 ms, and a put waits no longer than that. */
const BATCH = 512

const IDLE: RotationProgress = { isRunning: false, rewrapped: 0, damaged: 0, done: 1 }

export interface KeyRotationParts {
  readonly database: MetadataDatabase
  readonly masterKeys: MasterKeys
  readonly kinds: readonly WrappedKeys[]
  readonly log: Log
  /** The lake's key comes from outside; then so must the next. */
  readonly isGiven: boolean
  readonly next?: Uint8Array
}

export class KeyRotation {
  readonly #parts: KeyRotationParts
  readonly #tasks: TaskScope
  #last: RotationProgress = IDLE
  #isRunning = false

  constructor(parts: KeyRotationParts) {
    this.#parts = parts
    this.#tasks = new TaskScope(parts.log)
  }

  get progress(): RotationProgress {
    const state = this.#parts.masterKeys.rotation
    if (state === undefined) return this.#last
    const { rewrapped, damaged } = state
    return { isRunning: true, rewrapped, damaged, done: this.#share(state) }
  }

  /** Takes up a rotation that a stop or a crash interrupted. */
  resume(): void {
    if (this.#parts.masterKeys.rotation !== undefined) this.#run()
  }

  /** Resolves when the new key is in use; the rest follows in the background. Joins a rotation under way. */
  async start(): Promise<RotationProgress> {
    const { masterKeys, database, kinds, log } = this.#parts
    if (masterKeys.rotation !== undefined) {
      this.#run()
      return this.progress
    }
    const next = await this.#nextKey()
    const state: RotationState = {
      from: masterKeys.name,
      to: next.name,
      step: 'rewrapping',
      kind: kinds[0]?.name ?? '',
      after: 0,
      rewrapped: 0,
      damaged: 0,
    }
    await database.write(() => {
      if (masterKeys.rotation !== undefined) throw new Refusal('rotationRunning', 'Another rotation has just begun.')
      masterKeys.saveRotation(state)
    })
    masterKeys.beginUsing(next.key)
    log.info('KeyRotationBegun', { from: short(state.from), to: short(state.to) })
    this.#run()
    return this.progress
  }

  async close(): Promise<void> {
    await this.#tasks.close()
  }

  /** The state of a rotation, and the files, end up the same from wherever it is taken up. */
  #run(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#tasks.spawn('rotate the master key', async (signal) => {
      try {
        await this.#runToEnd(signal)
      } finally {
        this.#isRunning = false
      }
    })
  }

  async #runToEnd(signal: AbortSignal): Promise<void> {
    const { masterKeys, database, log } = this.#parts
    for (let state = masterKeys.rotation; state !== undefined; state = masterKeys.rotation) {
      signal.throwIfAborted()
      const current = state
      if (current.step === 'rewrapping') await database.write(() => this.#rewrapSome(current))
      else {
        await this.#settle(current)
        log.info('KeyRotationDone', { rewrapped: current.rewrapped, damaged: current.damaged })
      }
    }
  }

  #rewrapSome(state: RotationState): void {
    const { masterKeys, kinds, log } = this.#parts
    const kind = kinds.find(({ name }) => name === state.kind)
    const keys = kind?.after(state.after, BATCH) ?? []
    let damaged = 0
    for (const { id, owner, wrapped } of keys) {
      const secret = masterKeys.unwrap(wrapped, owner)
      if (secret !== undefined) kind?.replace(id, masterKeys.wrap(secret, owner))
      else {
        damaged++
        log.error('DamagedKey', { of: owner, kind: state.kind })
      }
    }
    const last = keys.at(-1)?.id
    const next = last === undefined ? this.#nextKind(state) : { ...state, after: last }
    masterKeys.saveRotation(
      { ...next, rewrapped: state.rewrapped + keys.length - damaged, damaged: state.damaged + damaged },
      next.step === 'settling' ? state.to : state.from,
    )
  }

  #nextKind(state: RotationState): RotationState {
    const { kinds } = this.#parts
    const next = kinds[kinds.findIndex(({ name }) => name === state.kind) + 1]
    return next === undefined ? { ...state, step: 'settling' } : { ...state, kind: next.name, after: 0 }
  }

  async #settle({ from, rewrapped, damaged }: RotationState): Promise<void> {
    const { masterKeys, database } = this.#parts
    const { files } = masterKeys
    // Only a file that holds exactly the old key is replaced or removed.
    const nameOf = async (file: 'master' | 'master.next') => masterKeys.nameOf(await files.read(file))
    if ((await nameOf('master.next')) === masterKeys.name) await files.promote()
    else if ((await nameOf('master')) === from) await files.remove('master')
    masterKeys.forgetPrevious()
    this.#last = { isRunning: false, rewrapped, damaged, done: 1 }
    await database.write(() => masterKeys.saveRotation(undefined))
  }

  async #nextKey(): Promise<{ key: Uint8Array; name: string }> {
    const { next, isGiven, masterKeys } = this.#parts
    if (next === undefined && isGiven) {
      throw new Refusal(
        'nextKeyMissing',
        'The master key of this lake is given from outside, so the next one must be, too: start the lake with LAKELET_NEXT_MASTER_KEY or --next-master-key-command beside the setting it has, then rotate.',
      )
    }
    const key = next ?? masterKeys.newKey()
    const name = masterKeys.nameOf(key)
    if (name === masterKeys.name) {
      throw new Refusal(
        'nextKeyInUse',
        'The next master key is in use already: the rotation to it is over. Make it the setting of the master key itself.',
      )
    }
    if (next === undefined) await masterKeys.files.write('master.next', key)
    return { key, name }
  }

  #share({ kind, after, step }: RotationState): number {
    if (step === 'settling') return 1
    const { kinds } = this.#parts
    const index = kinds.findIndex(({ name }) => name === kind)
    const last = kinds[index]?.last() ?? 0
    return last === 0 ? index / kinds.length : Math.min(1, (index + after / last) / kinds.length)
  }
}

/** Enough of a key's name to tell keys apart in a log. */
function short(name: string): string {
  return name.slice(0, 12)
}
