/**
 * `lake.yaml`: buckets, roles, delivery streams, crawlers, workgroups and saved queries of a lake, in one file.
 * Read strictly: an unknown key is refused with its place, so that a slip of the pen is not silently without effect.
 */
import { parse } from 'yaml'
import { Refusal } from '../platform/refusal.ts'

export interface LakeFile {
  readonly buckets: readonly {
    readonly name: string
    readonly blockPublicAccess: boolean
    readonly versioning: boolean
    readonly encryption: 'SSE-S3'
  }[]
  readonly roles: readonly {
    readonly name: string
    readonly services: readonly string[]
    readonly buckets: readonly string[]
  }[]
  readonly deliveryStreams: readonly {
    readonly name: string
    readonly bucket: string
    readonly role: string
    readonly prefix: string | undefined
    readonly errorPrefix: string | undefined
    readonly bufferMiB: number
    readonly bufferSeconds: number
    readonly compression: 'GZIP' | 'UNCOMPRESSED'
  }[]
  readonly crawlers: readonly {
    readonly name: string
    readonly role: string
    readonly path: string
    readonly exclusions: readonly string[]
    readonly database: string
    readonly tablePrefix: string | undefined
    readonly partitionsInheritFromTable: boolean
    /** `cron(…)`, in UTC; undefined: it runs when it is started. */
    readonly schedule: string | undefined
    /** NEW_FOLDERS_ONLY changes nothing that the catalog knows. */
    readonly recrawl: 'EVERYTHING' | 'NEW_FOLDERS_ONLY'
  }[]
  readonly workgroups: readonly { readonly name: string; readonly results: string; readonly enforced: boolean }[]
  readonly queries: readonly {
    readonly name: string
    readonly database: string
    readonly workgroup: string
    readonly sql: string
    readonly description: string | undefined
  }[]
}

/** Refuses ('lakeFile') with the place of the trouble: `deliveryStreams[0].bucket must be a text`. */
export function parseLakeFile(text: string): LakeFile {
  let document: unknown
  try {
    document = parse(text)
  } catch (cause) {
    throw new Refusal('lakeFile', `The lake file is not YAML: ${(cause as Error).message}`, { cause })
  }
  const top = new Entry(document, 'the lake file')
  const file: LakeFile = {
    buckets: top.list('buckets', (bucket) => ({
      name: bucket.text('name'),
      blockPublicAccess: bucket.flag('blockPublicAccess', true),
      versioning: bucket.flag('versioning', false),
      encryption: bucket.choice('encryption', ['SSE-S3'] as const, 'SSE-S3'),
    })),
    roles: top.list('roles', (role) => ({
      name: role.text('name'),
      services: role.texts('services'),
      buckets: role.texts('buckets'),
    })),
    deliveryStreams: top.list('deliveryStreams', (stream) => {
      const buffer = stream.entry('buffer')
      const read = {
        name: stream.text('name'),
        bucket: stream.text('bucket'),
        role: stream.text('role'),
        prefix: stream.optionalText('prefix'),
        errorPrefix: stream.optionalText('errorPrefix'),
        bufferMiB: buffer.number('sizeMiB', 5),
        bufferSeconds: buffer.number('seconds', 300),
        compression: stream.choice('compression', ['GZIP', 'UNCOMPRESSED'] as const, 'UNCOMPRESSED'),
      }
      buffer.end()
      return read
    }),
    crawlers: top.list('crawlers', (crawler) => ({
      name: crawler.text('name'),
      role: crawler.text('role'),
      path: crawler.text('path'),
      exclusions: crawler.texts('exclusions'),
      database: crawler.text('database'),
      tablePrefix: crawler.optionalText('tablePrefix'),
      partitionsInheritFromTable: crawler.flag('partitionsInheritFromTable', false),
      schedule: crawler.optionalText('schedule'),
      recrawl: crawler.choice('recrawl', ['EVERYTHING', 'NEW_FOLDERS_ONLY'] as const, 'EVERYTHING'),
    })),
    workgroups: top.list('workgroups', (group) => ({
      name: group.text('name'),
      results: group.text('results'),
      enforced: group.flag('enforced', false),
    })),
    queries: top.list('queries', (query) => ({
      name: query.text('name'),
      database: query.text('database'),
      workgroup: query.choiceText('workgroup', 'primary'),
      sql: query.text('sql').trim(),
      description: query.optionalText('description'),
    })),
  }
  top.end()
  return file
}

/** One mapping of the file. Remembers which keys were asked for, so that `end` can refuse the others. */
class Entry {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #place: string
  readonly #asked = new Set<string>()

  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Refusal('lakeFile', `${place} must be a mapping of keys to values.`)
    this.#values = value as Record<string, unknown>
    this.#place = place
  }

  text(key: string): string {
    const value = this.optionalText(key)
    if (value === undefined) throw this.#refuse(key, 'must be given')
    return value
  }

  choiceText(key: string, otherwise: string): string {
    return this.optionalText(key) ?? otherwise
  }

  optionalText(key: string): string | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '') throw this.#refuse(key, 'must be a text')
    return value
  }

  texts(key: string): readonly string[] {
    const value = this.#take(key) ?? []
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw this.#refuse(key, 'must be a list of texts')
    return value
  }

  number(key: string, otherwise: number): number {
    const value = this.#take(key) ?? otherwise
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      throw this.#refuse(key, 'must be a whole number')
    return value
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.#take(key) ?? otherwise
    if (typeof value !== 'boolean') throw this.#refuse(key, 'must be true or false')
    return value
  }

  choice<Name extends string>(key: string, names: readonly Name[], otherwise: Name): Name {
    const value = this.#take(key) ?? otherwise
    const found = names.find((name) => name === value)
    if (found === undefined) throw this.#refuse(key, `must be one of ${names.join(', ')}`)
    return found
  }

  entry(key: string): Entry {
    return new Entry(this.#take(key) ?? {}, `${this.#path()}${key}`)
  }

  list<Item>(key: string, read: (entry: Entry) => Item): Item[] {
    const value = this.#take(key) ?? []
    if (!Array.isArray(value)) throw this.#refuse(key, 'must be a list')
    return value.map((item: unknown, index) => {
      const entry = new Entry(item, `${this.#path()}${key}[${index}]`)
      const result = read(entry)
      entry.end()
      return result
    })
  }

  end(): void {
    const strange = Object.keys(this.#values).find((key) => !this.#asked.has(key))
    if (strange !== undefined)
      throw this.#refuse(strange, `is not a key of this place; known are ${[...this.#asked].join(', ')}`)
  }

  #take(key: string): unknown {
    this.#asked.add(key)
    return this.#values[key] ?? undefined
  }

  #path(): string {
    return this.#place === 'the lake file' ? '' : `${this.#place}.`
  }

  #refuse(key: string, problem: string): Refusal {
    return new Refusal('lakeFile', `Lake file: ${this.#path()}${key} ${problem}.`)
  }
}
