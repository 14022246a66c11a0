/**
 * A crawler's Configuration: JSON text, by AWS's schema. What is not known or not honoured is a problem that names the
 * key; nothing is silently ignored.
 */
export interface CrawlConfiguration {
  /** Partitions take columns, formats and SerDe from the table instead of their own files. */
  readonly partitionsInherit: boolean
  /** Existing columns stay as they are, only new ones are added. */
  readonly mergeNewColumns: boolean
  /** More tables than this fail the run. */
  readonly tablesMax: number | undefined
  /** Folders are put together by format alone, however little their columns have in common. */
  readonly combineCompatible: boolean
  /** The depth of folder that makes a table; the bucket is 1. */
  readonly tableLevel: number | undefined
  /** Tables with partitions get a partition index over their keys. AWS makes one unless told not to. */
  readonly partitionIndex: boolean
  /** They say in a parameter that Athena may use it; AWS's crawlers say so only where the index was asked for. */
  readonly partitionFiltering: boolean
}

const DEFAULTS: CrawlConfiguration = {
  partitionsInherit: false,
  mergeNewColumns: false,
  tablesMax: undefined,
  combineCompatible: false,
  tableLevel: undefined,
  partitionIndex: true,
  partitionFiltering: false,
}

type Fields = Readonly<Record<string, unknown>>
/** A key's meaning: what it changes, or a sentence on what is wrong with its value. */
type Reader = (value: unknown) => Partial<CrawlConfiguration> | string

const SCHEMA: Readonly<Record<string, Reader>> = {
  Version: (value) => (value === 1 ? {} : 'must be 1.0.'),
  'CrawlerOutput.Partitions.AddOrUpdateBehavior': (value) =>
    value === 'InheritFromTable' ? { partitionsInherit: true } : allowed('InheritFromTable'),
  'CrawlerOutput.Tables.AddOrUpdateBehavior': (value) =>
    value === 'MergeNewColumns' ? { mergeNewColumns: true } : allowed('MergeNewColumns'),
  'CrawlerOutput.Tables.TableThreshold': (value) =>
    isCount(value) ? { tablesMax: value } : 'must be a whole number, 1 or more.',
  'Grouping.TableGroupingPolicy': (value) =>
    value === 'CombineCompatibleSchemas' ? { combineCompatible: true } : allowed('CombineCompatibleSchemas'),
  'Grouping.TableLevelConfiguration': (value) =>
    isCount(value) ? { tableLevel: value } : 'must be a whole number, 1 or more (1 is the bucket).',
  CreatePartitionIndex: (value) =>
    typeof value === 'boolean' ? { partitionIndex: value, partitionFiltering: value } : 'must be true or false.',
}

/** `text` as given to CreateCrawler; undefined means none. Answers with a sentence when it is not valid. */
export function parseConfiguration(text: string | undefined): CrawlConfiguration | { readonly problem: string } {
  if (text === undefined || text.trim() === '') return DEFAULTS
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { problem: `Crawler Configuration is not valid JSON: ${(error as Error).message}` }
  }
  if (!isFields(parsed)) return { problem: 'Crawler Configuration must be a JSON object.' }
  if (!('Version' in parsed)) return { problem: 'Crawler Configuration needs "Version": 1.0.' }
  return read(parsed, '', DEFAULTS)
}

function read(
  fields: Fields,
  path: string,
  soFar: CrawlConfiguration,
): CrawlConfiguration | { readonly problem: string } {
  let configuration = soFar
  for (const [name, value] of Object.entries(fields)) {
    const key = `${path}${name}`
    const reader = Object.hasOwn(SCHEMA, key) ? SCHEMA[key] : undefined
    const isGroup = Object.keys(SCHEMA).some((known) => known.startsWith(`${key}.`))
    if (reader !== undefined) {
      const found = reader(value)
      if (typeof found === 'string') return { problem: `Crawler Configuration: ${key} ${found}` }
      configuration = { ...configuration, ...found }
    } else if (isGroup && isFields(value)) {
      const inner = read(value, `${key}.`, configuration)
      if ('problem' in inner) return inner
      configuration = inner
    } else if (isGroup) {
      return { problem: `Crawler Configuration: ${key} must be a JSON object.` }
    } else {
      return { problem: `Crawler Configuration: ${key} is not known.` }
    }
  }
  return configuration
}

function allowed(word: string): string {
  return `must be "${word}" or left out.`
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
