/**
 * Writes `docs/compatibility.md`: every operation of the AWS service models, and whether lakelet offers it. Both sides
 * are read from the program itself (the operation tables of `src/services`, the models of `src/wire`), so the page
 * cannot promise what is not there.
 *
 *   npm run generate                                           writes it, among others
 *   tsx scripts/generate-compatibility.ts [--check]            writes it, or proves that it is fresh
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { athenaService } from '../src/services/athena/index.ts'
import { firehoseService } from '../src/services/firehose/index.ts'
import { glueService } from '../src/services/glue/index.ts'
import { iamService } from '../src/services/iam/index.ts'
import { kmsService } from '../src/services/kms/index.ts'
import { operations as s3Operations } from '../src/services/s3/index.ts'
import { unsetSettings } from '../src/services/s3/unset-settings.ts'
import { stsService } from '../src/services/sts/index.ts'
import { wireModels } from '../src/wire/models.ts'

export type Standing = 'offered' | 'as never set' | 'refused'

export interface ServicePage {
  readonly title: string
  readonly signingName: string
  /** By AWS's name, in the model's order. */
  readonly operations: readonly { readonly name: string; readonly standing: Standing }[]
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
]

/** In the table only to be refused with a reason of their own. */
const REFUSED_WITH_A_REASON: Readonly<Record<string, readonly string[]>> = {
  firehose: ['StartDeliveryStreamEncryption', 'StopDeliveryStreamEncryption'],
  athena: ['CreateDataCatalog', 'UpdateDataCatalog', 'DeleteDataCatalog'],
}

export function servicePages(): ServicePage[] {
  return TABLES.map(({ title, signingName, table }) => {
    const known = wireModels[signingName]?.known ?? []
    const strange = Object.keys(table).find((name) => !known.some((operation) => operation.name === name))
    if (strange !== undefined) throw new Error(`${signingName} offers ${strange}, which AWS does not have`)
    return {
      title,
      signingName,
      operations: known.map(({ name }) => ({ name, standing: standingOf(signingName, name, table) })),
    }
  })
}

function standingOf(signingName: string, name: string, table: Readonly<Record<string, unknown>>): Standing {
  if (!Object.hasOwn(table, name) || REFUSED_WITH_A_REASON[signingName]?.includes(name)) return 'refused'
  const isUnset = signingName === 's3' && table[name] === (unsetSettings as Readonly<Record<string, unknown>>)[name]
  return isUnset ? 'as never set' : 'offered'
}

export function compatibilityPage(pages: readonly ServicePage[]): string {
  const count = (page: ServicePage, standing: Standing) =>
    page.operations.filter((operation) => operation.standing === standing).length
  const cells = (page: ServicePage) => [
    `[${page.title}](#${anchorOf(page.title)})`,
    count(page, 'offered'),
    count(page, 'as never set'),
    count(page, 'refused'),
    page.operations.length,
  ]
  return `<!-- Written by scripts/generate-compatibility.ts (npm run generate). Do not edit. -->

# Compatibility

Every operation of the six AWS services that lakelet speaks, read from its own operation tables and AWS's public models.

- **offered**: it does what AWS's does. A member or value of its input that is not offered is refused by name.
- **as never set**: S3 settings that lakelet does not have. Reading one answers as AWS does for a bucket where it was
  never set, removing one succeeds, and setting one is refused, except to what is so already.
- **refused**: an error that names the operation, and nothing else happens. Firehose, Glue and Athena answer
  \`UnknownOperationException\` (400), IAM and STS \`InvalidAction\` (400), S3 \`NotImplemented\` (501). The data
  catalogs of Athena and the encryption of Firehose streams answer \`InvalidRequestException\` and
  \`InvalidArgumentException\` with the reason.

${tableOf([['service', 'offered', 'as never set', 'refused', 'AWS has'], ...pages.map(cells)])}

${pages.map(sectionOf).join('\n\n')}
`
}

function sectionOf({ title, operations }: ServicePage): string {
  const rows = operations.map(({ name, standing }) => [name, standing === 'offered' ? '**offered**' : standing])
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
