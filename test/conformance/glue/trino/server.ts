/**
 * A Trino server of its own for a test, with one catalog: its Hive or Iceberg connector on the lake's Glue and S3. It is
 * there when LAKELET_TEST_TRINO names its folder, which `npm run test:trino` puts together from Maven Central.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { eventually, type TestLake } from '../../../support/lake.ts'

const FOLDER = process.env['LAKELET_TEST_TRINO'] ?? ''
const JAVA_AT_LEAST = 24
/** Athena's name of the same catalog, so that the views of each are valid in the other. */
export const CATALOG = 'awsdatacatalog'

const java = FOLDER === '' ? undefined : javaAt([...homes().map((home) => join(home, 'bin', 'java')), 'java'])

export type Connector = 'hive' | 'iceberg'

/** The reason to skip, or undefined when there is a Trino with that connector and a Java to run it. */
export function noTrino(connector: Connector): string | undefined {
  if (FOLDER === '')
    return 'skipped: LAKELET_TEST_TRINO does not say where a Trino server is; npm run test:trino gets one'
  if (!existsSync(join(FOLDER, 'plugin', connector))) return `skipped: the Trino server has no connector ${connector}`
  return java === undefined ? `skipped: Java ${JAVA_AT_LEAST} is not installed` : undefined
}

const CONNECTORS: Readonly<Record<Connector, Readonly<Record<string, string>>>> = {
  hive: {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    // What another client changes is to be seen at once.
    'hive.metastore-cache-ttl': '0s',
    'hive.non-managed-table-writes-enabled': 'true',
  },
  iceberg: { 'connector.name': 'iceberg', 'iceberg.catalog.type': 'glue' },
}

export type Row = readonly unknown[]

export interface TestTrino {
  /** The rows of a statement, with Trino's JSON rendering of values. Rejects with Trino's error name and message. */
  rows(sql: string): Promise<readonly Row[]>
  /** The error that ends a statement, as `NAME: message`. */
  refusal(sql: string): Promise<string>
  /** Bytes of objects that the statement read. */
  bytesRead(sql: string): Promise<number>
  stop(): Promise<void>
}

export interface TrinoSize {
  readonly java: readonly string[]
  /** Of one query, as Trino spells sizes. */
  readonly queryMemory: string
  /** Of names without one. */
  readonly schema?: string
}

/** It starts fast and stays small. */
const SMALL: TrinoSize = {
  java: ['-Xmx1500m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djdk.attach.allowAttachSelf=true'],
  queryMemory: '200MB',
}

/** @param warehouse s3:// folder for schemas that are made without a location */
export async function startTrino(
  lake: Pick<TestLake, 'endpoint' | 'directory' | 'credentials'>,
  connector: Connector,
  warehouse: string,
  size: TrinoSize = SMALL,
): Promise<TestTrino> {
  const port = await freePort()
  const config = configured(
    lake,
    port,
    {
      ...CONNECTORS[connector],
      'hive.metastore.glue.default-warehouse-dir': warehouse,
    },
    size.queryMemory,
  )
  const child = spawn(
    java ?? 'java',
    [...size.java, ...[`-Dconfig=${config}`, '-cp', join(FOLDER, 'lib', '*'), 'io.trino.server.TrinoServer']],
    { cwd: FOLDER, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      log = (log + text).slice(-100_000)
    })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  await eventually(
    'Trino is up',
    async () => {
      if (child.exitCode !== null) throw new Error(`Trino ended with ${child.exitCode}: ${withoutInfo(log)}`)
      return log.includes('======== SERVER STARTED ========') ? true : undefined
    },
    150_000,
  ).catch(async (error) => {
    await stop()
    throw error
  })
  const base = `http://127.0.0.1:${port}`
  return {
    async rows(sql) {
      const { rows, failed } = await statement(base, sql, size.schema)
      if (failed !== undefined) throw new Error(`${failed}\n  in ${sql}`)
      return rows
    },
    async refusal(sql) {
      const { failed } = await statement(base, sql, size.schema)
      if (failed === undefined) throw new Error(`did not fail: ${sql}`)
      return failed
    },
    async bytesRead(sql) {
      const { bytesRead, failed } = await statement(base, sql, size.schema)
      if (failed !== undefined) throw new Error(`${failed}\n  in ${sql}`)
      return bytesRead
    },
    stop,
  }
}

const withoutInfo = (log: string) =>
  log
    .split('\n')
    .filter((line) => !line.includes('\tINFO\t'))
    .join('\n')

/** Writes what the server is configured by; gives back its main file. */
function configured(
  lake: Pick<TestLake, 'endpoint' | 'directory' | 'credentials'>,
  port: number,
  connector: Readonly<Record<string, string>>,
  queryMemory: string,
): string {
  const etc = mkdtempSync(join(lake.directory, 'trino-'))
  const catalogs = join(etc, 'catalog')
  mkdirSync(catalogs)
  const { accessKeyId, secretAccessKey } = lake.credentials
  writeProperties(join(catalogs, `${CATALOG}.properties`), {
    ...connector,
    'hive.metastore.glue.endpoint-url': lake.endpoint,
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.aws-access-key': accessKeyId,
    'hive.metastore.glue.aws-secret-key': secretAccessKey,
    'fs.native-s3.enabled': 'true',
    's3.endpoint': lake.endpoint,
    's3.region': 'us-east-1',
    's3.aws-access-key': accessKeyId,
    's3.aws-secret-key': secretAccessKey,
    's3.path-style-access': 'true',
  })
  const config = join(etc, 'config.properties')
  writeProperties(config, {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'node.environment': 'lakelet',
    'node.bind-ip': '127.0.0.1',
    'node.internal-address': '127.0.0.1',
    'http-server.http.port': String(port),
    'discovery.uri': `http://127.0.0.1:${port}`,
    'plugin.dir': join(FOLDER, 'plugin'),
    'catalog.config-dir': catalogs,
    'query.max-memory': queryMemory,
    'query.max-memory-per-node': queryMemory,
  })
  return config
}

function writeProperties(path: string, properties: Readonly<Record<string, string>>): void {
  writeFileSync(
    path,
    Object.entries(properties)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
}

interface Page {
  readonly nextUri?: string
  readonly data?: readonly Row[]
  readonly error?: { readonly errorName: string; readonly message: string }
  readonly stats: { readonly physicalInputBytes?: number }
}

interface Outcome {
  readonly rows: readonly Row[]
  /** The error's name and message. */
  readonly failed: string | undefined
  readonly bytesRead: number
}

/** Until the server has announced itself to itself, some seconds after its start, a statement may find no worker. */
function statement(base: string, sql: string, schema: string | undefined): Promise<Outcome> {
  return eventually('Trino has found itself', async () => {
    const outcome = await statementOnce(base, sql, schema)
    return outcome.failed?.startsWith('NO_NODES_AVAILABLE') ? undefined : outcome
  })
}

/** Trino's client protocol: pages of an answer are read until none is next. */
async function statementOnce(base: string, sql: string, schema: string | undefined): Promise<Outcome> {
  const headers = {
    'X-Trino-User': 'test',
    'X-Trino-Catalog': CATALOG,
    'X-Trino-Time-Zone': 'UTC',
    ...(schema !== undefined && { 'X-Trino-Schema': schema }),
  }
  let page = await paged(await fetch(`${base}/v1/statement`, { method: 'POST', body: sql, headers }))
  const rows: Row[] = []
  for (;;) {
    rows.push(...(page.data ?? []))
    if (page.nextUri === undefined) break
    page = await paged(await fetch(page.nextUri, { headers }))
  }
  const { error, stats } = page
  return {
    rows,
    failed: error && `${error.errorName}: ${error.message}`,
    bytesRead: stats.physicalInputBytes ?? 0,
  }
}

async function paged(answer: Response): Promise<Page> {
  if (!answer.ok) throw new Error(`Trino answers ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Page
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Where a Java may be that is new enough, when the one on the path is not. */
function homes(): string[] {
  const installed = '/usr/lib/jvm'
  const home = process.env['JAVA_HOME']
  return [
    ...(home === undefined ? [] : [home]),
    ...(existsSync(installed) ? readdirSync(installed).map((name) => join(installed, name)) : []),
  ]
}

function javaAt(programs: readonly string[]): string | undefined {
  return programs.find((program) => {
    const { stderr } = spawnSync(program, ['-version'], { encoding: 'utf8' })
    return Number(/version "(\d+)/.exec(stderr ?? '')?.[1]) >= JAVA_AT_LEAST
  })
}
