/**
 * Workgroups: where results go, who decides that, and how much a query may read. `primary` is always there.
 */
import type { Clock } from '../platform/clock.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import type { ResultEncryption } from './execution.ts'
import { invalidInput } from './refusal.ts'

export const PRIMARY = 'primary'

export interface WorkgroupSettings {
  readonly outputLocation?: string
  readonly encryption?: ResultEncryption
  readonly expectedBucketOwner?: string
  /** True: what a query says about its results is ignored. */
  readonly isEnforced: boolean
  /** Remembered and shown; the lake has no CloudWatch. */
  readonly publishesMetrics: boolean
  readonly requesterPays: boolean
  /** A query that reads more is cancelled. */
  readonly bytesScannedCutoff?: number
  readonly selectedEngineVersion: string
  readonly minimumEncryption: boolean
}

export interface Workgroup {
  readonly name: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly description?: string
  readonly settings: WorkgroupSettings
  readonly tags: Readonly<Record<string, string>>
  readonly createdAtMs: number
}

export const PRIMARY_SETTINGS: WorkgroupSettings = {
  isEnforced: false,
  publishesMetrics: false,
  requesterPays: false,
  selectedEngineVersion: 'AUTO',
  minimumEncryption: false,
}

/** What CreateWorkGroup fills in. */
export const NEW_SETTINGS: WorkgroupSettings = { ...PRIMARY_SETTINGS, isEnforced: true, publishesMetrics: true }

export const EFFECTIVE_ENGINE_VERSION = 'Athena engine version 3'

const WORKGROUPS_MAX = 1_000
const CUTOFF_MIN = 10_000_000

export class Workgroups {
  readonly #database: MetadataDatabase
  readonly #clock: Clock

  constructor(database: MetadataDatabase, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async addPrimary(): Promise<void> {
    if (this.find(PRIMARY) !== undefined) return
    await this.#database.write(() =>
      this.#insert({
        name: PRIMARY,
        state: 'ENABLED',
        settings: PRIMARY_SETTINGS,
        tags: {},
        createdAtMs: this.#clock.nowMs(),
      }),
    )
  }

  find(name: string): Workgroup | undefined {
    const row = this.#database.prepare<{ body: string }>('SELECT body FROM query_workgroup WHERE name = ?').get(name)
    return row && (JSON.parse(row.body) as Workgroup)
  }

  named(name: string): Workgroup {
    const found = this.find(name)
    if (found === undefined) throw invalidInput('WorkGroup is not found.')
    return found
  }

  /** Sorted by name. */
  page(after: string | undefined, limit: number): readonly Workgroup[] {
    return this.#database
      .prepare<{ body: string }>('SELECT body FROM query_workgroup WHERE name > ? ORDER BY name LIMIT ?')
      .all(after ?? '', limit)
      .map((row) => JSON.parse(row.body) as Workgroup)
  }

  create(workgroup: Omit<Workgroup, 'createdAtMs' | 'state'>): Promise<Workgroup> {
    return this.#database.write(() => {
      checkSettings(workgroup.settings)
      if (this.find(workgroup.name) !== undefined) throw invalidInput('WorkGroup already exists')
      const row = this.#database.prepare<{ count: number }>('SELECT count(*) AS count FROM query_workgroup').get()
      if ((row?.count ?? 0) >= WORKGROUPS_MAX)
        throw invalidInput(`Cannot create more than ${WORKGROUPS_MAX} workgroups.`)
      const created: Workgroup = { ...workgroup, state: 'ENABLED', createdAtMs: this.#clock.nowMs() }
      this.#insert(created)
      return created
    })
  }

  update(name: string, change: (current: Workgroup) => Workgroup): Promise<Workgroup> {
    return this.#database.write(() => {
      const changed = change(this.named(name))
      checkSettings(changed.settings)
      this.#database.prepare('UPDATE query_workgroup SET body = ? WHERE name = ?').run(JSON.stringify(changed), name)
      return changed
    })
  }

  /** `isEmpty` and `empty` see and remove what else belongs to the workgroup. */
  delete(name: string, contents: { isEmpty(): boolean; empty(): void }, recursive: boolean): Promise<void> {
    return this.#database.write(() => {
      if (name === PRIMARY) throw invalidInput('The primary workgroup cannot be deleted.')
      this.named(name)
      if (!recursive && !contents.isEmpty()) throw invalidInput(`WorkGroup ${name} is not empty`)
      contents.empty()
      this.#database.prepare('DELETE FROM query_workgroup WHERE name = ?').run(name)
    })
  }

  #insert(workgroup: Workgroup): void {
    this.#database
      .prepare('INSERT INTO query_workgroup (name, body) VALUES (?, ?)')
      .run(workgroup.name, JSON.stringify(workgroup))
  }
}

function checkSettings(settings: WorkgroupSettings): void {
  const { outputLocation, bytesScannedCutoff } = settings
  if (outputLocation !== undefined && outputLocation !== '') checkOutputLocation(outputLocation)
  if (bytesScannedCutoff !== undefined && bytesScannedCutoff < CUTOFF_MIN)
    throw invalidInput(`BytesScannedCutoffPerQuery must be at least ${CUTOFF_MIN}.`)
}

export function checkOutputLocation(location: string): void {
  if (!/^s3:\/\/[^/]+/.test(location)) throw invalidInput('outputLocation is not a valid S3 path.')
}
