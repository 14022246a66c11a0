/**
 * Writes `docs/compatibility.md`: every operation of the AWS service models, and whether it works here. Both sides
 * are read from the program itself (the operation tables of `src/services`, the models of `src/wire`), so the page
 * cannot promise what is not there.
 *
 *   npm run generate                                           writes it, among others
 *   tsx scripts/generate-compatibility.ts [--check]            writes it, or proves that it is fresh
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { athenaService } from '../src/services/athena/index.ts'
import { cloudWatchService } from '../src/services/cloudwatch/index.ts'
import { firehoseService } from '../src/services/firehose/index.ts'
import { glueService } from '../src/services/glue/index.ts'
import { iamService } from '../src/services/iam/index.ts'
import { kmsService } from '../src/services/kms/index.ts'
import { logsService } from '../src/services/logs/index.ts'
import { operations as s3Operations } from '../src/services/s3/index.ts'
import { unsetReadings, unsetRemovals, unsetSettings } from '../src/services/s3/unset-settings.ts'
import { stsService } from '../src/services/sts/index.ts'
import { wireModels } from '../src/wire/models.ts'

export type Standing = 'works' | 'refused'

export interface OperationLine {
  readonly name: string
  readonly standing: Standing
  /** Why it is refused, or what "works" means where it is not all that AWS does. */
  readonly note?: string
}

export interface ServicePage {
  readonly title: string
  readonly signingName: string
  /** By AWS's name, in the model's order. */
  readonly operations: readonly OperationLine[]
}

/** The tables are read, never run: no operation of them meets this context. */
const NO_CONTEXT = {} as never

const TABLES: readonly { title: string; signingName: string; table: Readonly<Record<string, unknown>> }[] = [
  { title: 'Amazon Data Firehose', signingName: 'firehose', table: firehoseService(NO_CONTEXT).operations },
  { title: 'Amazon S3', signingName: 's3', table: s3Operations },
  { title: 'AWS Glue', signingName: 'glue', table: glueService(NO_CONTEXT).operations },
  { title: 'Amazon Athena', signingName: 'athena', table: athenaService(NO_CONTEXT).operations },
  { title: 'AWS STS', signingName: 'sts', table: stsService(NO_CONTEXT).operations },
  { title: 'AWS IAM', signingName: 'iam', table: iamService(NO_CONTEXT).operations },
  { title: 'AWS KMS', signingName: 'kms', table: kmsService(NO_CONTEXT).operations },
  { title: 'Amazon CloudWatch', signingName: 'monitoring', table: cloudWatchService(NO_CONTEXT).operations },
  { title: 'Amazon CloudWatch Logs', signingName: 'logs', table: logsService(NO_CONTEXT).operations },
]

/** Why S3 operations are refused; the first that fits. */
const S3_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(CreateSession|ListDirectoryBuckets|RenameObject)$/, 'exists for directory buckets, which are not offered'],
  [/Abac$/, 'tags of buckets take no part in decisions'],
  [/Metadata(Table)?Configuration$|Metadata(Inventory|Journal)TableConfiguration$/, 'there are no metadata tables'],
  [/^PutBucketAnalytics/, 'there is no storage class analysis'],
  [/^PutBucketIntelligentTiering/, 'objects are not moved between classes'],
  [/^PutBucketInventory/, 'no inventory reports are made'],
  [/^PutBucketMetrics/, 'requests are not counted'],
  [/^PutBucketReplication$/, 'there is no second region'],
  [/^PutBucketWebsite$/, 'there is no website endpoint'],
  [/^UpdateObjectEncryption$/, 'copying an object onto itself encrypts it anew'],
  [/^RestoreObject$/, 'no object is ever archived'],
  [/^SelectObjectContent$/, "Athena's SQL reads objects"],
  [/^GetObjectTorrent$/, 'there is no BitTorrent'],
  [/^WriteGetObjectResponse$/, 'there is no Object Lambda'],
  [/^(Get|Put)Bucket(Lifecycle|Notification)$/, 'superseded by …Configuration, which answers the same requests'],
]

export function servicePages(): ServicePage[] {
  return TABLES.map(({ title, signingName, table }) => {
    const known = wireModels[signingName]?.known ?? []
    const strange = Object.keys(table).find((name) => !known.some((operation) => operation.name === name))
    if (strange !== undefined) throw new Error(`${signingName} offers ${strange}, which AWS does not have`)
    return {
      title,
      signingName,
      operations: known.map(({ name }) => lineOf(signingName, name, table)),
    }
  })
}

function lineOf(signingName: string, name: string, table: Readonly<Record<string, unknown>>): OperationLine {
  const isRefused = !Object.hasOwn(table, name)
  if (signingName === 's3') return s3Line(name, isRefused, table)
  return { name, standing: isRefused ? 'refused' : 'works' }
}

function s3Line(name: string, isRefused: boolean, table: Readonly<Record<string, unknown>>): OperationLine {
  if (isRefused) {
    const note = S3_REASONS.find(([pattern]) => pattern.test(name))?.[1]
    return { name, standing: 'refused', ...(note !== undefined && { note }) }
  }
  const isOf = (group: Readonly<Record<string, unknown>>) => table[name] === group[name]
  if (isOf(unsetReadings)) return { name, standing: 'works', note: 'the setting is never set, and it says so' }
  if (isOf(unsetRemovals))
    return { name, standing: 'works', note: 'the setting is never set, so there is nothing to do' }
  if (isOf(unsetSettings))
    return { name, standing: 'refused', note: 'it would have no effect; what is so already may be set' }
  return { name, standing: 'works' }
}

export function compatibilityPage(pages: readonly ServicePage[]): string {
  const count = (page: ServicePage, standing: Standing) =>
    page.operations.filter((operation) => operation.standing === standing).length
  const cells = (page: ServicePage) => [
    `[${page.title}](#${anchorOf(page.title)})`,
    count(page, 'works'),
    count(page, 'refused'),
    page.operations.length,
  ]
  return `<!-- Written by scripts/generate-compatibility.ts (npm run generate). Do not edit. -->

# Compatibility

Every operation of the AWS services that lakelet speaks, read from its own operation tables and AWS's public models.

- **works**: it does what AWS's does. A member or value of its input that is not offered is refused by name.
- **refused**: an error that names the operation, and nothing else happens. Firehose, Glue, Athena, KMS and
  CloudWatch (with its Logs) answer \`UnknownOperationException\` (400), IAM, STS and CloudWatch's query protocol
  \`InvalidAction\` (400), S3 \`NotImplemented\` (501). The data
  catalogs of Athena and the encryption of Firehose streams answer \`InvalidRequestException\` and
  \`InvalidArgumentException\` with the reason.

${tableOf([['service', 'works', 'refused', 'AWS has'], ...pages.map(cells)])}

Beside the operations of its model, S3 takes browsers' forms (POST to a bucket) and the preflight questions of browsers
(OPTIONS), and answers S3 Control's ListTagsForResource, TagResource and UntagResource for buckets.

${pages.map(sectionOf).join('\n\n')}
`
}

function sectionOf({ title, operations }: ServicePage): string {
  const rows = operations.map(({ name, standing, note }) => [
    name,
    (standing === 'works' ? '**works**' : standing) + (note === undefined ? '' : `: ${note}`),
  ])
  return `## ${title}\n\n${tableOf([['operation', 'lakelet'], ...rows])}`
}

/** The first row is the heading. */
function tableOf([heading = [], ...rows]: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n')
}

/** As GitHub makes them of headings. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}

function main(check: boolean): number {
  const path = fileURLToPath(new URL('../docs/compatibility.md', import.meta.url))
  const text = compatibilityPage(servicePages())
  if (!check) {
    writeFileSync(path, text)
    return 0
  }
  if (readFileSync(path, 'utf8') === text) return 0
  console.error('docs/compatibility.md is not what the operation tables say: run npm run generate')
  return 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main(process.argv.includes('--check')))
