/**
 * What CreateCrawler and UpdateCrawler take, checked: the wire's shape in, the domain's out. What this lake does not
 * do is refused by the member's name. Lengths of texts and lists are in the model, already checked.
 */
import type { CrawlerStore } from '../../../catalog/crawler-store.ts'
import type { CatalogTarget, CrawlerInput, S3Target } from '../../../catalog/crawler-types.ts'
import { parseConfiguration } from '../../../crawl/configuration.ts'
import { exclusion } from '../../../crawl/exclusion.ts'
import { parseIncludePath } from '../../../crawl/include-path.ts'
import { isAtMostEvery5Min, parseCron } from '../../../platform/cron.ts'
import type {
  CrawlerTargets,
  CreateCrawlerRequest,
  CatalogTarget as WireCatalogTarget,
  S3Target as WireS3Target,
} from '../../../wire/model/glue.ts'
import { invalidInput } from '../errors.ts'
import { refuseMembers } from '../unsupported.ts'
import type { CrawlerRoles } from './crawler-context.ts'

/** The members of both requests that may be absent from an update: then the crawler keeps what it has. */
export type CrawlerChanges = Omit<Partial<CreateCrawlerRequest>, 'Name' | 'Tags'>

const SAMPLE_SIZE_MAX = 249
const CLASSIFIERS_MAX = 100

/** The domain's form of what is there, without the schedule. */
export function changesOf(input: CrawlerChanges): Partial<CrawlerInput> {
  refuseWhatIsNotOffered(input)
  checkConfiguration(input.Configuration)
  const { UpdateBehavior, DeleteBehavior } = input.SchemaChangePolicy ?? {}
  return defined({
    role: input.Role,
    databaseName: input.DatabaseName,
    description: input.Description,
    ...(input.Targets && targetsOf(input.Targets)),
    classifiers: input.Classifiers,
    recrawlBehavior: recrawlBehaviorOf(input),
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

/** Undefined and '' are no schedule. */
export function checkSchedule(expression: string | undefined): void {
  if (!expression) return
  const schedule = parseCron(expression)
  if ('problem' in schedule) throw invalidInput(`Schedule is not valid: ${schedule.problem}.`)
  if (!isAtMostEvery5Min(schedule))
    throw invalidInput(`Schedule is not valid: '${expression}' comes more often than every 5 minutes.`)
}

/** Each must exist when it is named; of one that is deleted later the next run says so. */
export async function checkClassifiers(names: readonly string[], store: CrawlerStore): Promise<void> {
  if (names.length > CLASSIFIERS_MAX) throw invalidInput(`A crawler can have at most ${CLASSIFIERS_MAX} classifiers.`)
  for (const name of names) {
    if ((await store.findClassifier(name)) === undefined)
      throw invalidInput(`Classifier with name ${name} does not exist`)
  }
}

/** What must hold of a crawler as a whole, made or updated. */
export function checkCrawler(crawler: CrawlerInput): void {
  const { targets, catalogTargets, databaseName, recrawlBehavior, updateBehavior, deleteBehavior } = crawler
  if (targets.length === 0 && catalogTargets.length === 0)
    throw invalidInput('Crawler targets are empty: give at least one S3 or catalog target.')
  if (targets.length > 0 && databaseName.trim() === '')
    throw invalidInput('DatabaseName is needed for a crawler of S3.')
  if (recrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY' && !(updateBehavior === 'LOG' && deleteBehavior === 'LOG'))
    // AWS's text, word by word (2025-08).
    throw invalidInput(
      'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value and LOG UpdateBehavior value.',
    )
  if (recrawlBehavior === 'CRAWL_NEW_FOLDERS_ONLY' && catalogTargets.length > 0)
    throw invalidInput(
      'RecrawlPolicy CRAWL_NEW_FOLDERS_ONLY is for S3 targets; a crawler with catalog targets cannot have it.',
    )
  if (catalogTargets.length > 0 && deleteBehavior !== 'LOG')
    throw invalidInput('The SchemaChangePolicy for catalog target can have only LOG DeleteBehavior value.')
}

function recrawlBehaviorOf({ RecrawlPolicy }: CrawlerChanges): CrawlerInput['recrawlBehavior'] | undefined {
  const behavior = RecrawlPolicy?.RecrawlBehavior
  if (behavior === 'CRAWL_EVENT_MODE')
    throw notOffered(
      'RecrawlPolicy.RecrawlBehavior CRAWL_EVENT_MODE',
      'CRAWL_EVERYTHING and CRAWL_NEW_FOLDERS_ONLY are',
    )
  return behavior
}

function refuseWhatIsNotOffered(input: CrawlerChanges): void {
  refuseMembers(input, ['CrawlerSecurityConfiguration'])
  if (input.LineageConfiguration?.CrawlerLineageSettings === 'ENABLE')
    throw notOffered('LineageConfiguration.CrawlerLineageSettings ENABLE', 'only DISABLE is')
  if (input.LakeFormationConfiguration?.UseLakeFormationCredentials)
    throw notOffered('LakeFormationConfiguration.UseLakeFormationCredentials', 'leave it out')
  if (input.LakeFormationConfiguration?.AccountId)
    throw notOffered('LakeFormationConfiguration.AccountId', 'leave it out')
}

/** '' is none. */
function checkConfiguration(text: string | undefined): void {
  const configuration = parseConfiguration(text || undefined)
  if ('problem' in configuration) throw invalidInput(configuration.problem)
}

function targetsOf(targets: CrawlerTargets): Pick<CrawlerInput, 'targets' | 'catalogTargets'> {
  const { S3Targets = [], CatalogTargets = [], ...others } = targets
  for (const [member, list] of Object.entries(others)) {
    if (Array.isArray(list) && list.length > 0)
      throw notOffered(`Targets.${member}`, 'S3Targets and CatalogTargets are')
  }
  return { targets: S3Targets.map(toTarget), catalogTargets: CatalogTargets.map(toCatalogTarget) }
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

function toCatalogTarget(target: WireCatalogTarget): CatalogTarget {
  refuseMembers(target, ['ConnectionName', 'EventQueueArn', 'DlqEventQueueArn'])
  return { database: target.DatabaseName, tables: target.Tables }
}

function notOffered(what: string, instead: string) {
  return invalidInput(`${what} is not offered by lakelet: ${instead}.`)
}

function defined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}
