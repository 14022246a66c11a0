/** Customer keys, their materials and aliases as rows. All changes run inside a transaction of the caller. */
import type { MetadataDatabase } from '../platform/sqlite.ts'

export interface RotationSchedule {
  readonly periodDays: number
  readonly nextAtMs: number
}

export interface CustomerKey {
  /** A UUID. */
  readonly id: string
  readonly createdAtMs: number
  readonly description: string
  /** `lake`: made by the lake for S3, and changed by nobody. */
  readonly manager: 'customer' | 'lake'
  readonly state: 'enabled' | 'disabled' | 'pendingDeletion'
  /** While it is pending deletion. */
  readonly deletionAtMs?: number
  /** JSON. */
  readonly policy: string
  readonly tags: Readonly<Record<string, string>>
  /** Absent: it is not rotated by itself. */
  readonly rotation?: RotationSchedule
}

export interface KeyAlias {
  /** `alias/…` */
  readonly name: string
  readonly keyId: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

interface KeyRow {
  id: string
  created_at_ms: number
  description: string
  manager: CustomerKey['manager']
  state: CustomerKey['state']
  deletion_at_ms: number | null
  policy: string
  tags: string
  rotation: string | null
}

interface AliasRow {
  name: string
  key_id: string
  created_at_ms: number
  updated_at_ms: number
}

export interface MaterialRow {
  id: number
  key_id: string
  wrapped: Buffer
}

export class CustomerKeyTable {
  readonly #sql: ReturnType<typeof statements>

  constructor(database: MetadataDatabase) {
    this.#sql = statements(database)
  }

  add(key: CustomerKey): void {
    const tags = JSON.stringify(key.tags)
    this.#sql.add.run(key.id, key.createdAtMs, key.description, key.manager, key.state, key.policy, tags)
  }

  find(id: string): CustomerKey | undefined {
    const row = this.#sql.find.get(id)
    return row && keyOf(row)
  }

  all(): CustomerKey[] {
    return this.#sql.page.all('', -1).map(keyOf)
  }

  page(afterId: string, limit: number): CustomerKey[] {
    return this.#sql.page.all(afterId, limit).map(keyOf)
  }

  /** With its materials and aliases. */
  remove(id: string): void {
    this.#sql.removeAliases.run(id)
    this.#sql.removeMaterials.run(id)
    this.#sql.remove.run(id)
  }

  setDescription(id: string, description: string): void {
    this.#sql.setDescription.run(description, id)
  }

  setPolicy(id: string, policy: string): void {
    this.#sql.setPolicy.run(policy, id)
  }

  setTags(id: string, tags: Readonly<Record<string, string>>): void {
    this.#sql.setTags.run(JSON.stringify(tags), id)
  }

  setState(id: string, state: CustomerKey['state'], deletionAtMs?: number): void {
    this.#sql.setState.run(state, deletionAtMs ?? null, id)
  }

  setRotation(id: string, rotation: RotationSchedule | undefined): void {
    this.#sql.setRotation.run(rotation === undefined ? null : JSON.stringify(rotation), id)
  }

  addMaterial(keyId: string, wrapped: Buffer, nowMs: number): void {
    this.#sql.addMaterial.run(keyId, wrapped, nowMs)
  }

  newestMaterial(keyId: string): MaterialRow | undefined {
    return this.#sql.newestMaterial.get(keyId)
  }

  material(keyId: string, id: number): MaterialRow | undefined {
    return this.#sql.material.get(id, keyId)
  }

  lastMaterial(): number {
    return this.#sql.lastMaterial.get()?.id ?? 0
  }

  materialsAfter(id: number, limit: number): MaterialRow[] {
    return this.#sql.materialsAfter.all(id, limit)
  }

  replaceMaterial(id: number, wrapped: Buffer): void {
    this.#sql.replaceMaterial.run(wrapped, id)
  }

  alias(name: string): KeyAlias | undefined {
    const row = this.#sql.alias.get(name)
    return row && aliasOf(row)
  }

  aliases(after: string, limit: number, keyId: string | undefined): KeyAlias[] {
    return this.#sql.aliases.all(after, keyId ?? null, keyId ?? null, limit).map(aliasOf)
  }

  addAlias(name: string, keyId: string, nowMs: number): void {
    this.#sql.addAlias.run(name, keyId, nowMs, nowMs)
  }

  moveAlias(name: string, keyId: string, nowMs: number): void {
    this.#sql.moveAlias.run(keyId, nowMs, name)
  }

  removeAlias(name: string): void {
    this.#sql.removeAlias.run(name)
  }
}

function statements(database: MetadataDatabase) {
  return {
    add: database.prepare(
      `INSERT INTO customer_key (id, created_at_ms, description, manager, state, policy, tags)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    find: database.prepare<KeyRow>('SELECT * FROM customer_key WHERE id = ?'),
    page: database.prepare<KeyRow>('SELECT * FROM customer_key WHERE id > ? ORDER BY id LIMIT ?'),
    remove: database.prepare('DELETE FROM customer_key WHERE id = ?'),
    setDescription: database.prepare('UPDATE customer_key SET description = ? WHERE id = ?'),
    setPolicy: database.prepare('UPDATE customer_key SET policy = ? WHERE id = ?'),
    setTags: database.prepare('UPDATE customer_key SET tags = ? WHERE id = ?'),
    setState: database.prepare('UPDATE customer_key SET state = ?, deletion_at_ms = ? WHERE id = ?'),
    setRotation: database.prepare('UPDATE customer_key SET rotation = ? WHERE id = ?'),
    addMaterial: database.prepare(
      'INSERT INTO customer_key_material (key_id, wrapped, created_at_ms) VALUES (?, ?, ?)',
    ),
    newestMaterial: database.prepare<MaterialRow>(
      'SELECT id, key_id, wrapped FROM customer_key_material WHERE key_id = ? ORDER BY id DESC LIMIT 1',
    ),
    material: database.prepare<MaterialRow>(
      'SELECT id, key_id, wrapped FROM customer_key_material WHERE id = ? AND key_id = ?',
    ),
    lastMaterial: database.prepare<{ id: number | null }>('SELECT max(id) AS id FROM customer_key_material'),
    materialsAfter: database.prepare<MaterialRow>(
      'SELECT id, key_id, wrapped FROM customer_key_material WHERE id > ? ORDER BY id LIMIT ?',
    ),
    replaceMaterial: database.prepare('UPDATE customer_key_material SET wrapped = ? WHERE id = ?'),
    removeMaterials: database.prepare('DELETE FROM customer_key_material WHERE key_id = ?'),
    alias: database.prepare<AliasRow>('SELECT * FROM customer_key_alias WHERE name = ?'),
    aliases: database.prepare<AliasRow>(
      'SELECT * FROM customer_key_alias WHERE name > ? AND (? IS NULL OR key_id = ?) ORDER BY name LIMIT ?',
    ),
    addAlias: database.prepare('INSERT INTO customer_key_alias VALUES (?, ?, ?, ?)'),
    moveAlias: database.prepare('UPDATE customer_key_alias SET key_id = ?, updated_at_ms = ? WHERE name = ?'),
    removeAlias: database.prepare('DELETE FROM customer_key_alias WHERE name = ?'),
    removeAliases: database.prepare('DELETE FROM customer_key_alias WHERE key_id = ?'),
  }
}

function keyOf(row: KeyRow): CustomerKey {
  return {
    id: row.id,
    createdAtMs: row.created_at_ms,
    description: row.description,
    manager: row.manager,
    state: row.state,
    policy: row.policy,
    tags: JSON.parse(row.tags) as Record<string, string>,
    ...(row.deletion_at_ms !== null && { deletionAtMs: row.deletion_at_ms }),
    ...(row.rotation !== null && { rotation: JSON.parse(row.rotation) as RotationSchedule }),
  }
}

function aliasOf(row: AliasRow): KeyAlias {
  return { name: row.name, keyId: row.key_id, createdAtMs: row.created_at_ms, updatedAtMs: row.updated_at_ms }
}
