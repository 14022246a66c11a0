/**
 * What CreateCrawler and UpdateCrawler take, checked: the wire's shape in, the domain's out. What this lake does not
 * do is refused by the member's name.
 */
import type { CrawlerInput, S3Target } from '../../../catalog/crawler-types.ts'
import { parseConfiguration } from '../../../crawl/configuration.ts'
import { exclusion } from '../../../crawl/exclusion.ts'
import { parseIncludePath } from '../../../crawl/include-path.ts'
import type { CrawlerTargets, CreateCrawlerRequest, S3Target as WireS3Target } from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import { refuseMembers } from '../unsupported.ts'
import type { CrawlerRoles } from './crawler-context.ts'

/** The members of both requests that may be absent from an update: then the crawler keeps what it has. */
export type CrawlerChanges = Omit<Partial<CreateCrawlerRequest>, 'Name' | 'Tags'>

const SAMPLE_SIZE_MAX = 249

/** The domain's form of what is there. */
export function changesOf(input: CrawlerChanges): Partial<CrawlerInput> {
  refuseWhatIsNotOffered(input)
  checkConfiguration(input.Configuration)
  const { UpdateBehavior, DeleteBehavior } = input.SchemaChangePolicy ?? {}
  return defined({
    role: input.Role,
    databaseName: input.DatabaseName,
    description: input.Description,
    targets: input.Targets && targetsOf(input.Targets),
    tablePrefix: input.TablePrefix,
    updateBehavior: UpdateBehavior,
    deleteBehavior: DeleteBehavior,
    configuration: input.Configuration,
  })
}

export async function checkRole(role: string, roles: CrawlerRoles): Promise<void> {
  if (role.trim() === '' || !(await roles.hasRole(role)))
    throw invalidInput("Service is unable to assume provided role. Please verify role's TrustPolicy")
}

/** A crawler of S3 writes into a database: which one must be said. */
export function checkDatabaseName(name: string | undefined): string {
  if (name === undefined || name.trim() === '') throw invalidInput('DatabaseName is needed for a crawler of S3.')
  return name
}

function refuseWhatIsNotOffered(input: CrawlerChanges): void {
  refuseMembers(input, ['Schedule', 'Classifiers', 'CrawlerSecurityConfiguration'])
  const recrawl = input.RecrawlPolicy?.RecrawlBehavior
  if (recrawl !== undefined && recrawl !== 'CRAWL_EVERYTHING')
    throw notOffered(`RecrawlPolicy.RecrawlBehavior ${recrawl}`, 'only CRAWL_EVERYTHING is')
  if (input.LineageConfiguration?.CrawlerLineageSettings === 'ENABLE')
    throw notOffered('LineageConfiguration.CrawlerLineageSettings ENABLE', 'only DISABLE is')
  if (input.LakeFormationConfiguration?.UseLakeFormationCredentials)
    throw notOffered('LakeFormationConfiguration.UseLakeFormationCredentials', 'leave it out')
  if (input.LakeFormationConfiguration?.AccountId)
    throw notOffered('LakeFormationConfiguration.AccountId', 'leave it out')
}

function checkConfiguration(text: string | undefined): void {
  const configuration = parseConfiguration(text)
  if ('problem' in configuration) throw invalidInput(configuration.problem)
}

function targetsOf(targets: CrawlerTargets): S3Target[] {
  const { S3Targets = [], ...others } = targets
  for (const [member, list] of Object.entries(others)) {
    if (Array.isArray(list) && list.length > 0) throw notOffered(`Targets.${member}`, 'only S3Targets are')
  }
  if (S3Targets.length === 0) throw invalidInput('Crawler targets are empty: give at least one S3 target.')
  return S3Targets.map(toTarget)
}

function toTarget(target: WireS3Target): S3Target {
  const { Path = '', Exclusions = [], SampleSize } = target
  refuseMembers(target, ['ConnectionName', 'EventQueueArn', 'DlqEventQueueArn'])
  if (parseIncludePath(Path) === undefined)
    throw invalidInput(`Path '${Path}' of an S3 target names no bucket: give s3://bucket/folder/.`)
  const malformed = Exclusions.find((pattern) => exclusion(pattern) === undefined)
  if (malformed !== undefined) throw invalidInput(`The exclusion pattern '${malformed}' is malformed.`)
  if (SampleSize !== undefined && (SampleSize < 1 || SampleSize > SAMPLE_SIZE_MAX))
    throw invalidInput(`SampleSize must be between 1 and ${SAMPLE_SIZE_MAX}.`)
  return { path: Path, exclusions: Exclusions, ...(SampleSize !== undefined && { sampleSize: SampleSize }) }
}

function notOffered(what: string, instead: string) {
  return invalidInput(`${what} is not offered by lakelet: ${instead}.`)
}

function defined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}
