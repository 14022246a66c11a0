/**
 * The master key of the lake: objects and customer keys are sealed under keys of their own, and the metadata database
 * holds those wrapped by the master key, so that the data directory without it tells nothing.
 *
 * While a rotation runs there are two: everything new is wrapped by the new one, and what the old one wrapped still
 * opens (key-rotation.ts).
 */
import type { FileSystem } from '../platform/file-system.ts'
import type { Random } from '../platform/random.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { MasterKey } from './master-key.ts'
import { MasterKeyFiles } from './master-key-file.ts'
import { migrateKeyTables } from './schema.ts'
import { KEY_BYTES } from './sealed-secret.ts'

export interface RotationState {
  /** Names of keys. */
  readonly from: string
  readonly to: string
  /** `settling`: all is wrapped by the new key, and the old one is about to be removed. */
  readonly step: 'rewrapping' | 'settling'
  /** Which kind of wrapped keys is being gone through, and behind which of them. */
  readonly kind: string
  readonly after: number
  readonly rewrapped: number
  /** Keys that neither master key opens: they were damaged before, and stay as they are. */
  readonly damaged: number
}

export interface MasterKeysParts {
  /** Where `master` is kept when no key is given from outside. */
  readonly directory: string
  readonly database: MetadataDatabase
  readonly files: FileSystem
  readonly random: Random
  /** Given from outside: the key, and the one to rotate to. */
  readonly given?: Uint8Array
  readonly next?: Uint8Array
}

export class MasterKeys {
  readonly #random: Random
  readonly #database: MetadataDatabase
  readonly files: MasterKeyFiles
  #current: MasterKey
  #previous: MasterKey | undefined

  private constructor(parts: MasterKeysParts, current: MasterKey, previous?: MasterKey) {
    this.#random = parts.random
    this.#database = parts.database
    this.files = new MasterKeyFiles(parts.directory, parts.files)
    this.#current = current
    this.#previous = previous
  }

  /** Refuses 'masterKeyMissing' and 'masterKeyUnusable' rather than to open a lake whose bytes could not be read. */
  static async open(parts: MasterKeysParts): Promise<MasterKeys> {
    const { database, random, directory } = parts
    migrateKeyTables(database)
    const files = new MasterKeyFiles(directory, parts.files)
    const state = stateOf(database)
    const candidates = await candidatesOf(parts, files)
    if (state === undefined) {
      const current = candidates[0] ?? (await made(files, random))
      await database.write(() => database.prepare('INSERT INTO master_key (name) VALUES (?)').run(current.name))
      return new MasterKeys(parts, current)
    }
    const { name, rotation } = state
    const named = (wanted: string) => candidates.find((key) => key.name === wanted)
    if (rotation?.step !== 'rewrapping') {
      return new MasterKeys(parts, named(name) ?? unusable(candidates.length, files))
    }
    const [from, to] = [named(rotation.from), named(rotation.to)]
    if (from === undefined || to === undefined) throw bothNeeded(from === undefined ? 'old' : 'new')
    return new MasterKeys(parts, to, from)
  }

  newKey(): Buffer {
    return this.#random.bytes(KEY_BYTES)
  }

  wrap(secret: Uint8Array, owner: string): Buffer {
    return this.#current.wrap(secret, owner)
  }

  /** undefined: altered, or not wrapped for that owner. */
  unwrap(wrapped: Uint8Array, owner: string): Buffer | undefined {
    return this.#current.unwrap(wrapped, owner) ?? this.#previous?.unwrap(wrapped, owner)
  }

  fingerprint(purpose: string): string {
    return this.#current.fingerprint(purpose)
  }

  get name(): string {
    return this.#current.name
  }

  /** The name of a key that may be there; undefined when it is not. */
  nameOf(key: Uint8Array): string
  nameOf(key: Uint8Array | undefined): string | undefined
  nameOf(key: Uint8Array | undefined): string | undefined {
    return key && new MasterKey(key, this.#random).name
  }

  get rotation(): RotationState | undefined {
    return stateOf(this.#database)?.rotation
  }

  /** From now on everything is wrapped by `next`. Call when the state that names both keys is durable. */
  beginUsing(next: Uint8Array): void {
    this.#previous = this.#current
    this.#current = new MasterKey(next, this.#random)
  }

  /** Nothing is wrapped by the old key any more. */
  forgetPrevious(): void {
    this.#previous = undefined
  }

  /** Inside a transaction. */
  saveRotation(rotation: RotationState | undefined, name = this.name): void {
    this.#database
      .prepare('UPDATE master_key SET name = ?, rotation = ?')
      .run(name, rotation === undefined ? null : JSON.stringify(rotation))
  }
}

function stateOf(database: MetadataDatabase): { name: string; rotation: RotationState | undefined } | undefined {
  const row = database.prepare<{ name: string; rotation: string | null }>('SELECT name, rotation FROM master_key').get()
  return row && { name: row.name, rotation: row.rotation === null ? undefined : JSON.parse(row.rotation) }
}

/** Every key at hand; the one that a new lake would take comes first. A key given from outside hides the file. */
async function candidatesOf({ given, next, random }: MasterKeysParts, files: MasterKeyFiles): Promise<MasterKey[]> {
  const own = given ?? (await files.read('master'))
  const keys = own === undefined ? [] : [own]
  if (next !== undefined) keys.push(next)
  const ownNext = await files.read('master.next')
  if (ownNext !== undefined) keys.push(ownNext)
  return keys.map((key) => new MasterKey(key, random))
}

async function made(files: MasterKeyFiles, random: Random): Promise<MasterKey> {
  const key = random.bytes(KEY_BYTES)
  await files.write('master', key)
  return new MasterKey(key, random)
}

function unusable(candidates: number, files: MasterKeyFiles): never {
  if (candidates === 0) {
    throw new Refusal(
      'masterKeyMissing',
      `${files.pathOf('master')} is missing, and the objects of this lake cannot be read without it. Restore the file from your backup, or give the key with LAKELET_MASTER_KEY or --master-key-command.`,
    )
  }
  throw new Refusal(
    'masterKeyUnusable',
    'The master key is not the one that this lake was made with. Give the right one with LAKELET_MASTER_KEY or --master-key-command, or restore keys/master from your backup.',
  )
}

function bothNeeded(which: 'old' | 'new'): Refusal {
  return new Refusal(
    'masterKeyMissing',
    `The master key was being rotated when the lake stopped, and the ${which} key is not at hand. Give both until the rotation is over: the old one as before, the new one with LAKELET_NEXT_MASTER_KEY or --next-master-key-command.`,
  )
}
