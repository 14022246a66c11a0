/**
 * The composition root: Settings → components → server. The only place that chooses backends and hands one folder's
 * parts to another. Nothing imports it; `lakelet up` launches it.
 *
 * Order matters twice. Opening goes from the bytes up, each component repairing what a crash left before the next one
 * relies on it. Closing goes the other way: first no new requests, then what works in the background, the database last.
 */
import { constants } from 'node:fs'
import { access as checkAccess, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedFlowStore } from './automation/flows/embedded/embedded-flow-store.ts'
import { Flows } from './automation/flows/flows.ts'
import { jobRunner } from './automation/flows/job-runner.ts'
import { EmbeddedJobStore } from './automation/jobs/embedded/embedded-job-store.ts'
import { openJobs } from './automation/jobs/jobs.ts'
import { openPythonRunner } from './automation/jobs/python/python-runner.ts'
import { backUp } from './backup/backup.ts'
import { EmbeddedCatalog } from './catalog/embedded/embedded-catalog.ts'
import { EmbeddedCrawlerStore } from './catalog/embedded/embedded-crawler-store.ts'
import type { Settings } from './config/settings.ts'
import { openCrawlers } from './crawl/crawlers.ts'
import { Conversions } from './delivery/conversion/conversions.ts'
import { openDelivery } from './delivery/delivery-streams.ts'
import { JournalKeys } from './delivery/journal-keys.ts'
import { JqExtractor } from './delivery/processing/jq/jq-extractor.ts'
import { queryKeys } from './delivery/processing/jq/query-keys.ts'
import { LambdaFunctions } from './delivery/processing/lambda/functions.ts'
import { streamObserver } from './delivery/stream-observer.ts'
import { streamProcessors } from './delivery/stream-processors.ts'
import { openDuckDbEngine } from './engine/duckdb/engine.ts'
import { createGateway } from './gateway/gateway.ts'
import { Credentials } from './identity/credentials.ts'
import { Identities } from './identity/identities.ts'
import { LakeAccess } from './identity/lake-access.ts'
import { openRootKey, type RootKey } from './identity/root-key.ts'
import { Sessions } from './identity/sessions.ts'
import { CustomerKeys, S3_ALIAS } from './keys/customer-keys.ts'
import { KeyRotation } from './keys/key-rotation.ts'
import { type MasterKeySource, readMasterKey } from './keys/master-key-source.ts'
import { MasterKeys } from './keys/master-keys.ts'
import { LifecycleRuns } from './objects/lifecycle/lifecycle.ts'
import { memoryTier } from './objects/local/memory-tier.ts'
import { openLocalObjectStore } from './objects/local/open-local-object-store.ts'
import { systemClock } from './platform/clock.ts'
import { lockDirectory } from './platform/directory-lock.ts'
import { nodeFileSystem } from './platform/file-system.ts'
import { letHeapGrow } from './platform/heap.ts'
import { Ids } from './platform/ids.ts'
import { FileLog } from './platform/log.ts'
import { systemRandom } from './platform/random.ts'
import { Refusal } from './platform/refusal.ts'
import { MetadataDatabase } from './platform/sqlite.ts'
import { TaskScope } from './platform/tasks.ts'
import { openQueries } from './query/queries.ts'
import { type Access, openAccess } from './services/access.ts'
import { ConsoleLinks } from './services/admin/console-links.ts'
import { athenaService } from './services/athena/index.ts'
import { cloudWatchService } from './services/cloudwatch/index.ts'
import { keyNamed } from './services/customer-keys.ts'
import { firehoseService } from './services/firehose/index.ts'
import { crawlEnd, crawlerRunner } from './services/glue/flows/crawler-runner.ts'
import { glueService } from './services/glue/index.ts'
import { jobRoles } from './services/glue/jobs/job-roles.ts'
import { iamService } from './services/iam/index.ts'
import { kmsService } from './services/kms/index.ts'
import { logsService } from './services/logs/index.ts'
import type { HttpService, Service } from './services/operation.ts'
import { bucketPermissions } from './services/s3/access/for-services.ts'
import { s3Service } from './services/s3/index.ts'
import { stsService } from './services/sts/index.ts'
import { crawlerMetrics } from './telemetry/crawler-metrics.ts'
import { firehoseMetrics } from './telemetry/firehose-metrics.ts'
import { LogStore } from './telemetry/log-store.ts'
import { MetricStore } from './telemetry/metric-store.ts'

export interface RunningLake {
  readonly address: {
    readonly endpoint: string
    readonly region: string
    readonly accountId: string
    readonly auth: 'verify' | 'open'
    readonly processId: number
  }
  /** Finishes requests under way, makes everything durable, ends. What is buffered stays in the journal. */
  stop(): Promise<void>
}

/** Everything of a lake but its listener. `reset` closes one of these and opens another. */
type Components = Awaited<ReturnType<typeof openComponents>>

/** What `POST /_lakelet/reset` empties. Keys stay, so that clients stay valid; so do lock, log and address. */
const CONTENTS = ['lake.db', 'lake.db-wal', 'lake.db-shm', 'objects', 'journal', 'staging', 'cache'] as const

export async function startLake(settings: Settings): Promise<RunningLake> {
  const directory = settings.dataDirectory
  const startedAtMs = systemClock.nowMs()
  letHeapGrow()
  await makeDataDirectory(directory)
  const lock = lockDirectory(directory)
  const version = await ownVersion()
  const log = new FileLog(join(directory, 'lakelet.log'), systemClock)
  const ids = new Ids(systemRandom)
  const rootKey = await openRootKey(join(directory, 'keys'), { files: nodeFileSystem, ids })
  let endpoint = ''
  const shared = {
    settings,
    version,
    log,
    ids,
    rootKey,
    givenKeys: await givenKeysOf(settings),
    endpoint: () => endpoint,
  }
  let components = await openComponents(shared)
  let status: 'ready' | 'starting' | 'stopping' = 'ready'

  const gateway = createGateway({
    settings,
    services: currentServices(() => components),
    s3: currentS3(() => components),
    authenticator: {
      credentialOf: (accessKeyId) => components.credentials.credentialOf(accessKeyId),
      principalOf: (accessKeyId) => components.credentials.principalOf(accessKeyId),
    },
    access: { judge: (caller, permission) => components.access.judge(caller, permission) },
    admin: {
      auth: settings.auth,
      region: settings.region,
      consoleLinks: new ConsoleLinks({
        startSession: (holder, seconds) => components.sessions.start(holder, seconds),
        newToken: (length) => ids.alphanumeric(length),
      }),
      health: async () => ({ status, version }),
      streams: () => components.delivery.progress(),
      metrics: {
        totals: () => components.metrics.totals(),
        crawlers: () => components.crawlFigures.families(),
        process: () => {
          const { rss, heapUsed } = process.memoryUsage()
          const { user, system } = process.cpuUsage()
          return { residentBytes: rss, heapUsedBytes: heapUsed, cpuSeconds: (user + system) / 1e6, startedAtMs }
        },
      },
      keys: {
        rotate: () => components.keyRotation.start(),
        rotation: () => components.keyRotation.progress,
      },
      lifecycle: {
        begin: () => components.lifecycle.begin(),
        progress: () => components.lifecycle.progress,
      },
      backup: (target) => components.backup(target),
      scrub: (bucket) => components.scrub(bucket),
      reset: async () => {
        status = 'starting'
        await components.close()
        for (const name of CONTENTS) await rm(join(directory, name), { recursive: true, force: true })
        components = await openComponents(shared)
        await components.flows.begin()
        status = 'ready'
        log.info('LakeEmptied')
      },
    },
    clock: systemClock,
    log,
    ids,
  })

  const stop = async () => {
    status = 'stopping'
    // Ends what would answer for hours, so that it does not hold the listener up.
    const ended = components.maintenance.close()
    // Scripts may still use the lake while they tidy up.
    await components.flows.close()
    await components.jobs.close()
    await gateway.close()
    await ended
    await components.close()
    await rm(join(directory, 'address.json'), { force: true })
    log.info('LakeStopped')
    await log.close()
    lock.release()
  }

  try {
    const { host, port } = await gateway.listen()
    const { region, accountId, auth } = settings
    endpoint = `http://${reachableHost(host)}:${port}`
    const address = { endpoint, region, accountId, auth, processId: process.pid }
    await components.flows.begin()
    await writeFile(join(directory, 'address.json'), JSON.stringify(address, null, 2), { mode: 0o600 })
    log.info('LakeStarted', address)
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface SharedParts {
  readonly settings: Settings
  /** Of lakelet. */
  readonly version: string
  readonly log: FileLog
  readonly ids: Ids
  readonly rootKey: RootKey
  readonly givenKeys: GivenKeys
  /** Of the lake, once it listens. */
  readonly endpoint: () => string
}

async function openComponents({ settings, version, log, ids, rootKey, givenKeys, endpoint }: SharedParts) {
  const { dataDirectory: directory, region, accountId } = settings
  const platform = { clock: systemClock, random: systemRandom, files: nodeFileSystem, ids, log }
  const stagingDirectory = join(directory, 'staging', 'queries')

  const database = new MetadataDatabase(join(directory, 'lake.db'))
  const metrics = await MetricStore.open({ ...platform, database })
  const logs = LogStore.open({ ...platform, database })
  const identities = new Identities({ ...platform, database, accountId, rootKey })
  const sessions = new Sessions({ ...platform, database })
  const lakeAccess: Access = new LakeAccess({ identities, clock: systemClock, region })
  const access = settings.auth === 'open' ? openAccess : lakeAccess
  const catalog = new EmbeddedCatalog({ ...platform, database })
  const crawlerStore = new EmbeddedCrawlerStore({ ...platform, database })
  const masterKeys = await MasterKeys.open({ ...platform, ...givenKeys, database, directory: join(directory, 'keys') })
  const customerKeys = await CustomerKeys.open({ ...platform, database, masterKeys, region, accountId })
  const objects = await openLocalObjectStore({
    ...platform,
    directory,
    database,
    masterKeys,
    kms: { keys: customerKeys, named: (name = S3_ALIAS) => keyNamed(name, { keys: customerKeys, region }) },
  })
  const journalKeys = new JournalKeys({ database, masterKeys, customerKeys })
  const keyRotation = new KeyRotation({
    database,
    masterKeys,
    log,
    kinds: [objects.wrappedKeys, customerKeys.wrappedKeys, journalKeys.wrappedKeys],
    isGiven: givenKeys.given !== undefined,
    next: givenKeys.next,
  })
  // A throwaway lake takes any role; the real one, like AWS, only those that exist.
  const roleExists = (role: string) => settings.auth === 'open' || identities.roleExists(role)
  const principalExists = (arn: string) => settings.auth === 'open' || identities.principalExists(arn)
  const hasRole = async (role: string) =>
    roleExists(role.startsWith('arn:') ? role : `arn:aws:iam::${accountId}:role/${role}`)

  const conversions = new Conversions({ catalog, region, accountId })
  const jq = new JqExtractor({ clock: systemClock })
  const functions = new LambdaFunctions(settings.lambda ?? {}, systemClock)
  const delivery = await openDelivery({
    ...platform,
    directory: join(directory, 'journal'),
    database,
    objects,
    roles: { roleExists },
    journalKeys,
    keysOfQuery: queryKeys,
    checkQuery: (query) => jq.checkQuery(query),
    conversions,
    observerOf: (stream, current) =>
      streamObserver({
        streamArn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${stream}`,
        metrics: firehoseMetrics(metrics, stream),
        logs,
        clock: systemClock,
        current,
      }),
    makeProcessor: streamProcessors({
      onExtracted: (stream, durationMs) => firehoseMetrics(metrics, stream).jqDuration(durationMs),
      onInvoked: (stream, { durationMs, isSuccess }) =>
        firehoseMetrics(metrics, stream).executeProcessing(durationMs, isSuccess),

      ...platform,
      functions,
      extractMetadata: (step) => jq.extractMetadata(step),
      region,
      accountId,
    }),
  })
  const crawlFigures = crawlerMetrics()
  // Jobs and crawlers open before it, and end what a crash cut off; it asks for that when it begins.
  let flows: Flows | undefined
  const crawlers = await openCrawlers({
    ...platform,
    catalog,
    store: crawlerStore,
    objects,
    crawlLog: logs,
    observer: {
      started: () => undefined,
      ended: (crawler, run) => {
        crawlFigures.ended(crawler, run)
        flows?.ended('crawler', crawler, run.id, { state: crawlEnd(run) })
      },
    },
    accountId,
  })
  const credentials = new Credentials(identities, sessions)
  const bucketPermissionsOf = bucketPermissions({ objects, keys: customerKeys, accountId, region })
  const jobStore = new EmbeddedJobStore({ ...platform, database })
  const jobs = await openJobs({
    ...platform,
    store: jobStore,
    jobLog: logs,
    roles: jobRoles({
      sessions,
      objects,
      access,
      bucketPermissionsOf,
      findRole: (role) =>
        role.startsWith('arn:') ? identities.findRoleByArn(role) : identities.findRole(role.split('/').at(-1) ?? ''),
      principalOf: (accessKeyId) => credentials.principalOf(accessKeyId),
      isOpen: settings.auth === 'open',
    }),
    runner: await openPythonRunner({
      ...platform,
      directory: join(directory, 'staging', 'jobs'),
      python: settings.jobPython,
      path: settings.path,
      region,
      endpoint,
    }),
    observer: { ended: ({ job, runId, state }) => flows?.ended('job', job, runId, { state }) },
    offBecause:
      settings.jobs === 'off'
        ? 'This lake runs no jobs: it listens to other machines, or was started with --jobs off. Start it with --jobs on to let whoever may call StartJobRun run programs on its machine.'
        : undefined,
  })
  const flowStore = new EmbeddedFlowStore({ ...platform, database })
  flows = new Flows({
    ...platform,
    store: flowStore,
    runners: { job: jobRunner(jobs), crawler: crawlerRunner(crawlers, crawlerStore) },
  })
  await mkdir(stagingDirectory, { recursive: true, mode: 0o700 })
  const [memory] = await memoryTier(nodeFileSystem, ids.hex(32))
  const engine = openDuckDbEngine({
    ...platform,
    stagingDirectory,
    ...(settings.queryMemoryBytes !== undefined && { memoryLimitBytes: settings.queryMemoryBytes }),
    ...(memory !== undefined && { plainCopies: memory }),
  })
  const queries = await openQueries({
    ...platform,
    database,
    catalog,
    objects,
    engine,
    settings,
    stagingDirectory,
    async keyNamed(name) {
      const { id } = await keyNamed(name, { keys: customerKeys, region })
      return { kind: 'kms', keyId: id, keyArn: customerKeys.arnOf(id), usesBucketKey: false }
    },
  })

  const lifecycle = new LifecycleRuns({ ...platform, objects })

  keyRotation.resume()
  lifecycle.start()
  const maintenance = new TaskScope(log)

  return {
    credentials,
    sessions,
    jobs,
    flows,
    access,
    delivery,
    metrics,
    crawlFigures,
    keyRotation,
    lifecycle,
    maintenance,
    backup: (target: string) =>
      maintenance.follow((signal) =>
        backUp(
          {
            ...platform,
            directory,
            databasePath: database.path,
            version,
            holdJournals: () => delivery.hold(),
            holdFiles: () => objects.holdFiles(),
            filesOf: (path, asked) => objects.filesOf(path, asked),
            isRotatingKeys: () => keyRotation.progress.isRunning,
          },
          target,
          signal,
        ),
      ),
    scrub: (bucket: string | undefined) =>
      maintenance.follow((signal) => objects.scrub({ signal, ...(bucket !== undefined && { bucket }) })),
    services: [
      firehoseService({ streams: delivery, keys: customerKeys, metrics, clock: systemClock, region, accountId }),
      glueService({
        catalog,
        crawlerStore,
        crawlers,
        crawlerRoles: { hasRole },
        jobStore,
        jobs,
        flowStore,
        flows,
        access,
        clock: systemClock,
        region,
        accountId,
      }),
      athenaService({
        queries,
        catalog,
        access,
        bucketPermissionsOf,
        settings,
      }),
      stsService({ identities, sessions }),
      iamService(identities),
      kmsService({ keys: customerKeys, random: systemRandom, region, accountId }),
      cloudWatchService({ metrics, clock: systemClock, accountId }),
      logsService({ logs, clock: systemClock, region, accountId }),
    ] as readonly Service[],
    s3: s3Service({ objects, keys: customerKeys, settings, clock: systemClock, access, principalExists }),
    async close() {
      await maintenance.close()
      await flows?.close()
      await jobs.close()
      await keyRotation.close()
      await lifecycle.close()
      await queries.close()
      await engine.close()
      await crawlers.close()
      await delivery.close()
      functions.close()
      await jq.close()
      await conversions.close()
      await objects.close()
      await metrics.close()
      await logs.close()
      customerKeys.close()
      database.close()
    },
  }
}

/** Services whose contexts are those of the components now open, so that a reset needs no new listener. */
function currentServices(components: () => Components): Service[] {
  return components().services.map((service, index) => ({
    ...service,
    get context() {
      return components().services[index]?.context
    },
  }))
}

function currentS3(components: () => Components): HttpService {
  return {
    signingName: components().s3.signingName,
    handle: (request, caller, signerOfForm) => components().s3.handle(request, caller, signerOfForm),
    get crossOrigin() {
      return components().s3.crossOrigin
    },
  }
}

/** Master keys from outside. Commands for them run once, at start. */
interface GivenKeys {
  readonly given?: Uint8Array
  readonly next?: Uint8Array
}

async function givenKeysOf({ masterKey, nextMasterKey }: Settings): Promise<GivenKeys> {
  const read = async (source: MasterKeySource | undefined) => source && (await readMasterKey(source))
  return { given: await read(masterKey), next: await read(nextMasterKey) }
}

async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await checkAccess(directory, constants.W_OK)
  } catch (cause) {
    const reason = (cause as Error).message
    throw new Refusal(
      'unusableDirectory',
      `${directory} cannot be the data directory: ${reason}\nGive another one with --data.`,
      { cause },
    )
  }
}

async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** An address to give to clients: one cannot connect to "any". */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
