/**
 * Customer master keys: keys that users make, name, disable and delete, and that never leave the lake. Each is a row of
 * settings and one or more materials, wrapped by the lake's master key; a rotated key seals under its newest material
 * and opens what any of them sealed. Deleting a key deletes its materials: what they sealed is gone for good.
 *
 * What falls due (deletions, yearly rotations) is done by the injected clock, looked at when the lake starts and every
 * hour; a key whose time has come is treated as gone from that very moment.
 */
import type { Clock, Timer } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { ciphertextOf, type EncryptionContext, ownerOf, partsOfCiphertext } from './ciphertext.ts'
import { isRotationDue, rotated } from './customer-key-schedule.ts'
import {
  type CustomerKey,
  CustomerKeyTable,
  type KeyAlias,
  type MaterialRow,
  type RotationSchedule,
} from './customer-key-table.ts'
import { defaultKeyPolicy, managedKeyPolicy } from './key-policies.ts'
import type { WrappedKeys } from './key-rotation.ts'
import type { MasterKeys } from './master-keys.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'

export type { EncryptionContext } from './ciphertext.ts'
export type { CustomerKey, KeyAlias } from './customer-key-table.ts'

/** Every way these keys say no. `fields.keyArn` names the key where there is one. */
export type KeyRefusal =
  | 'keyNotFound'
  | 'aliasNotFound'
  | 'aliasExists'
  | 'keyDisabled'
  | 'keyPendingDeletion'
  | 'keyNotPendingDeletion'
  | 'keyIsManaged'
  | 'ciphertextInvalid'

export interface NewCustomerKey {
  readonly description: string
  /** JSON; absent: the account's policies decide. */
  readonly policy?: string
  readonly tags: Readonly<Record<string, string>>
}

export interface CustomerKeysParts {
  readonly database: MetadataDatabase
  readonly masterKeys: MasterKeys
  readonly clock: Clock
  readonly random: Random
  readonly ids: Ids
  readonly log: Log
  readonly region: string
  readonly accountId: string
}

const HOUR_MS = 3600 * 1000
const DAY_MS = 24 * HOUR_MS
/** The key that S3 uses where none is named. */
export const S3_ALIAS = 'alias/aws/s3'
const YEARLY: Pick<RotationSchedule, 'periodDays'> = { periodDays: 365 }

export class CustomerKeys {
  readonly #parts: CustomerKeysParts
  readonly #table: CustomerKeyTable
  #timer: Timer | undefined

  private constructor(parts: CustomerKeysParts) {
    this.#parts = parts
    this.#table = new CustomerKeyTable(parts.database)
  }

  static async open(parts: CustomerKeysParts): Promise<CustomerKeys> {
    const keys = new CustomerKeys(parts)
    await keys.#doWhatIsDue()
    return keys
  }

  close(): void {
    this.#timer?.cancel()
  }

  arnOf(id: string): string {
    return `arn:aws:kms:${this.#parts.region}:${this.#parts.accountId}:key/${id}`
  }

  aliasArnOf(alias: string): string {
    return `arn:aws:kms:${this.#parts.region}:${this.#parts.accountId}:${alias}`
  }

  create(key: NewCustomerKey): Promise<CustomerKey> {
    return this.#parts.database.write(() => this.#add(key, 'customer'))
  }

  /** Refuses keyNotFound. */
  byId(id: string): CustomerKey {
    const key = this.#table.find(id)
    if (key === undefined || this.#isGone(key)) throw this.#refuse('keyNotFound', id, 'does not exist')
    return key
  }

  list(afterId: string, limit: number): readonly CustomerKey[] {
    return this.#table.page(afterId, limit).filter((key) => !this.#isGone(key))
  }

  /** Refuses aliasNotFound. The lake's own key for S3 appears when it is first asked for. */
  byAlias(name: string): CustomerKey {
    const alias = this.#table.alias(name)
    if (alias !== undefined) return this.byId(alias.keyId)
    throw new Refusal('aliasNotFound', `There is no alias ${name}.`, { fields: { aliasArn: this.aliasArnOf(name) } })
  }

  keyIdOfAlias(name: string): string | undefined {
    return this.#table.alias(name)?.keyId
  }

  /** The key that S3 uses where none is named; made when it is first needed. */
  async s3Key(): Promise<CustomerKey> {
    const alias = this.#table.alias(S3_ALIAS)
    if (alias !== undefined) return this.byId(alias.keyId)
    const { clock, database, region, accountId } = this.#parts
    return database.write(() => {
      const made = this.#table.alias(S3_ALIAS)
      if (made !== undefined) return this.byId(made.keyId)
      const description = 'Default key that protects my S3 objects when no other key is defined'
      const key = this.#add({ description, policy: managedKeyPolicy({ region, accountId }), tags: {} }, 'lake')
      this.#table.setRotation(key.id, { ...YEARLY, nextAtMs: clock.nowMs() + 365 * DAY_MS })
      this.#table.addAlias(S3_ALIAS, key.id, clock.nowMs())
      return this.byId(key.id)
    })
  }

  aliases({ keyId, after, limit }: { keyId?: string; after: string; limit: number }): readonly KeyAlias[] {
    return this.#table.aliases(after, limit, keyId)
  }

  createAlias(name: string, keyId: string): Promise<void> {
    return this.#change(keyId, (key) => {
      if (this.#table.alias(name) !== undefined) {
        throw new Refusal('aliasExists', `The alias ${name} exists.`, { fields: { aliasArn: this.aliasArnOf(name) } })
      }
      this.#table.addAlias(name, key.id, this.#parts.clock.nowMs())
    })
  }

  updateAlias(name: string, keyId: string): Promise<void> {
    return this.#change(keyId, (key) => {
      this.byAlias(name)
      this.#table.moveAlias(name, key.id, this.#parts.clock.nowMs())
    })
  }

  async deleteAlias(name: string): Promise<void> {
    await this.#parts.database.write(() => {
      this.byAlias(name)
      this.#table.removeAlias(name)
    })
  }

  describe(keyId: string, description: string): Promise<void> {
    return this.#change(keyId, (key) => this.#table.setDescription(key.id, description))
  }

  setPolicy(keyId: string, policy: string): Promise<void> {
    return this.#change(keyId, (key) => this.#table.setPolicy(key.id, policy))
  }

  /** Tags given are set, those named in `without` go. */
  tag(keyId: string, tags: Readonly<Record<string, string>>, without: readonly string[] = []): Promise<void> {
    return this.#change(keyId, (key) => {
      const kept = Object.entries({ ...key.tags, ...tags }).filter(([name]) => !without.includes(name))
      this.#table.setTags(key.id, Object.fromEntries(kept))
    })
  }

  setEnabled(keyId: string, isEnabled: boolean): Promise<void> {
    return this.#change(keyId, (key) => this.#table.setState(key.id, isEnabled ? 'enabled' : 'disabled'))
  }

  /** The key cannot be used from now on, and is gone after so many days unless that is cancelled. */
  async scheduleDeletion(keyId: string, days: number): Promise<CustomerKey> {
    await this.#change(keyId, (key) =>
      this.#table.setState(key.id, 'pendingDeletion', this.#parts.clock.nowMs() + days * DAY_MS),
    )
    return this.byId(keyId)
  }

  /** The key is disabled afterwards, as on AWS. */
  async cancelDeletion(keyId: string): Promise<void> {
    await this.#parts.database.write(() => {
      const { state } = this.byId(keyId)
      if (state !== 'pendingDeletion') throw this.#refuse('keyNotPendingDeletion', keyId, 'is not pending deletion')
      this.#table.setState(keyId, 'disabled')
    })
  }

  /** undefined: never again by itself. */
  setRotation(keyId: string, periodDays: number | undefined): Promise<void> {
    return this.#change(keyId, (key) => {
      this.requireUsable(key)
      const nextAtMs = this.#parts.clock.nowMs() + (periodDays ?? 0) * DAY_MS
      this.#table.setRotation(key.id, periodDays === undefined ? undefined : { periodDays, nextAtMs })
    })
  }

  /** A new material from now on; the old ones go on opening what they sealed. */
  rotateNow(keyId: string): Promise<void> {
    return this.#change(keyId, (key) => {
      this.requireUsable(key)
      this.#addMaterial(key.id)
    })
  }

  /** Refuses keyNotFound, keyDisabled, keyPendingDeletion. */
  requireUsable({ id }: { readonly id: string }): void {
    const { state } = this.byId(id)
    if (state === 'disabled') throw this.#refuse('keyDisabled', id, 'is disabled')
    if (state === 'pendingDeletion') throw this.#refuse('keyPendingDeletion', id, 'is pending deletion')
  }

  /** Refuses like `requireUsable`. */
  encrypt(keyId: string, plain: Uint8Array, context: EncryptionContext = {}): Buffer {
    this.requireUsable({ id: keyId })
    const { id: material, secret } = this.#newestMaterial(keyId)
    const header = { keyId, material }
    const owner = ownerOf(header, context)
    return ciphertextOf(header, sealSecret(secret, plain, { owner, random: this.#parts.random }))
  }

  /** The key that sealed it; refuses ciphertextInvalid when that is none of the lake's. */
  keyOf(ciphertext: Uint8Array): CustomerKey {
    const parts = partsOfCiphertext(ciphertext)
    const key = parts && this.#table.find(parts.header.keyId)
    if (key === undefined || this.#isGone(key)) throw invalidCiphertext()
    return key
  }

  /** Refuses ciphertextInvalid (also for another context), and like `requireUsable`. */
  decrypt(ciphertext: Uint8Array, context: EncryptionContext = {}): Buffer {
    const key = this.keyOf(ciphertext)
    this.requireUsable(key)
    const parts = partsOfCiphertext(ciphertext)
    const material = parts && this.#table.material(key.id, parts.header.material)
    const plain = material && openSecret(this.#secretOf(material), parts.sealed, ownerOf(parts.header, context))
    if (plain === undefined) throw invalidCiphertext()
    return plain
  }

  /** For rotations of the master key. */
  get wrappedKeys(): WrappedKeys {
    const table = this.#table
    return {
      name: 'customer key',
      last: () => table.lastMaterial(),
      after: (id, limit) =>
        table.materialsAfter(id, limit).map((row) => ({ id: row.id, owner: owner(row.key_id), wrapped: row.wrapped })),
      replace: (id, wrapped) => table.replaceMaterial(id, wrapped),
    }
  }

  #add({ description, policy, tags }: NewCustomerKey, manager: CustomerKey['manager']): CustomerKey {
    const { ids, clock, accountId } = this.#parts
    const id = ids.uuid()
    this.#table.add({
      id,
      description,
      tags,
      manager,
      policy: policy ?? defaultKeyPolicy(accountId),
      createdAtMs: clock.nowMs(),
      state: 'enabled',
    })
    this.#addMaterial(id)
    return this.byId(id)
  }

  #addMaterial(keyId: string): void {
    const { masterKeys, clock } = this.#parts
    this.#table.addMaterial(keyId, masterKeys.wrap(masterKeys.newKey(), owner(keyId)), clock.nowMs())
  }

  #newestMaterial(keyId: string): { id: number; secret: Buffer } {
    const row = this.#table.newestMaterial(keyId)
    if (row === undefined) throw new Error(`${this.arnOf(keyId)} has no material.`)
    return { id: row.id, secret: this.#secretOf(row) }
  }

  #secretOf({ key_id: keyId, wrapped }: MaterialRow): Buffer {
    const secret = this.#parts.masterKeys.unwrap(wrapped, owner(keyId))
    if (secret === undefined) throw new Error(`The material of ${this.arnOf(keyId)} was altered or damaged.`)
    return secret
  }

  /** A change that a key about to be deleted does not take, nor one that belongs to the lake. */
  async #change(keyId: string, change: (key: CustomerKey) => void): Promise<void> {
    await this.#parts.database.write(() => {
      const key = this.byId(keyId)
      if (key.manager === 'lake') throw this.#refuse('keyIsManaged', keyId, 'belongs to the lake and is not changed')
      if (key.state === 'pendingDeletion') throw this.#refuse('keyPendingDeletion', keyId, 'is pending deletion')
      change(key)
    })
  }

  #isGone({ deletionAtMs }: CustomerKey): boolean {
    return deletionAtMs !== undefined && deletionAtMs <= this.#parts.clock.nowMs()
  }

  async #doWhatIsDue(): Promise<void> {
    const { database, clock, log } = this.#parts
    const nowMs = clock.nowMs()
    const all = this.#table.all()
    const gone = all.filter((key) => this.#isGone(key))
    const due = all.filter((key) => isRotationDue(key, nowMs))
    if (gone.length + due.length > 0) {
      await database.write(() => {
        for (const { id } of gone) this.#table.remove(id)
        for (const key of due) {
          this.#addMaterial(key.id)
          this.#table.setRotation(key.id, rotated(key.rotation, nowMs))
        }
      })
      for (const { id } of gone) log.info('CustomerKeyDeleted', { key: id })
      for (const { id } of due) log.info('CustomerKeyRotated', { key: id })
    }
    this.#timer = clock.after(HOUR_MS, () => {
      this.#doWhatIsDue().catch((error: unknown) => log.error('CustomerKeysNotTended', { error }))
    })
  }

  #refuse(code: KeyRefusal, id: string, why: string): Refusal {
    const keyArn = this.arnOf(id)
    return new Refusal(code, `${keyArn} ${why}.`, { fields: { keyId: id, keyArn } })
  }
}

function owner(keyId: string): string {
  return `customer key ${keyId}`
}

function invalidCiphertext(): Refusal {
  return new Refusal(
    'ciphertextInvalid',
    'This is not, or not under this encryption context, a ciphertext of the lake.',
  )
}
