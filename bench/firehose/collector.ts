/**
 * The collector that people run in this place today: the OpenTelemetry Collector, HTTP in, its queue on disk with every
 * write synced, batches of 64 MiB or 60 s, gzip out. It is built through Go's module proxy when first wanted, which takes
 * minutes. It speaks OTLP, not Firehose, so records are log lines of protobuf, half the bytes of Firehose's base64; and
 * its output goes by HTTP to files of ours, because the S3 exporter is not to be had there.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { PreparedRequest } from '../support/load.ts'
import { simulatedRecords } from '../support/records.ts'
import { freePort, type RunningServer, startOther } from '../support/servers.ts'
import { RECORDS_PER_BATCH } from './streams.ts'

const MODULES = [
  'go.opentelemetry.io/collector/otelcol@v0.165.0',
  'go.opentelemetry.io/collector/receiver/otlpreceiver@v0.165.0',
  'go.opentelemetry.io/collector/exporter/otlphttpexporter@v0.165.0',
  'go.opentelemetry.io/collector/confmap/provider/fileprovider@v1.71.0',
  'github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage@v0.165.1',
]

export interface RunningCollector extends RunningServer {
  /** Of records, before compression, in the files that it wrote. */
  readonly writtenBytes: number
}

/** undefined where it cannot be built. */
export async function startCollector(): Promise<RunningCollector | undefined> {
  const program = await built()
  if (program === undefined) return undefined
  const directory = await mkdtemp(join(tmpdir(), 'lakelet-bench-'))
  const sink = await startSink(directory)
  const port = await freePort()
  const config = join(directory, 'config.yaml')
  await writeFile(config, configuration({ directory, port, sink: sink.url }))
  const server = await startOther({
    command: [program, '--config', config],
    port,
    keys: { accessKeyId: 'none', secretAccessKey: 'none' },
    directory,
  })
  return {
    ...server,
    get writtenBytes() {
      return sink.bytes
    },
    async stop() {
      await server.stop()
      await sink.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Batches of records as OTLP's ExportLogsServiceRequest. */
export function logRequests(endpoint: string): PreparedRequest[] {
  const { host } = new URL(endpoint)
  const records = simulatedRecords(RECORDS_PER_BATCH * 8)
  return Array.from({ length: 8 }, (_, index) => {
    const batch = records.slice(index * RECORDS_PER_BATCH, (index + 1) * RECORDS_PER_BATCH)
    // LogRecord.body = 5, AnyValue.string_value = 1; ScopeLogs.log_records = 2; ResourceLogs.scope_logs = 2; 1.
    const logs = Buffer.concat(batch.map((record) => field(2, field(5, field(1, record)))))
    const body = field(1, field(2, logs))
    const headers = { host, 'content-type': 'application/x-protobuf', 'content-length': String(body.byteLength) }
    return { method: 'POST', path: '/v1/logs', headers, body }
  })
}

/** A protobuf field of bytes. */
function field(number: number, bytes: Uint8Array): Buffer {
  const head = [(number << 3) | 2]
  let length = bytes.byteLength
  for (; length > 0x7f; length >>>= 7) head.push((length & 0x7f) | 0x80)
  head.push(length)
  return Buffer.concat([Buffer.from(head), bytes])
}

async function built(): Promise<string | undefined> {
  const home = join(tmpdir(), 'lakelet-bench-collector')
  const program = join(home, 'otelcol')
  if (existsSync(program)) return program
  await mkdir(home, { recursive: true })
  await copyFile(fileURLToPath(new URL('collector/main.go', import.meta.url)), join(home, 'main.go'))
  await writeFile(join(home, 'go.mod'), 'module lakelet.bench/collector\n\ngo 1.25.0\n')
  for (const args of [
    ['get', ...MODULES],
    ['mod', 'tidy'],
    ['build', '-o', program, '.'],
  ])
    if (spawnSync('go', args, { cwd: home, stdio: 'inherit' }).status !== 0) return undefined
  return program
}

function configuration({ directory, port, sink }: { directory: string; port: number; sink: string }): string {
  return `
extensions:
  file_storage: { directory: ${directory}/queue, create_directory: true, fsync: true }
receivers:
  otlp: { protocols: { http: { endpoint: '127.0.0.1:${port}', max_request_body_size: 8388608 } } }
exporters:
  otlp_http:
    logs_endpoint: ${sink}
    compression: gzip
    compression_params: { level: 1 }
    timeout: 120s
    sending_queue:
      storage: file_storage
      sizer: bytes
      queue_size: 1073741824
      num_consumers: 2
      batch: { sizer: bytes, min_size: 67108864, flush_timeout: 60s }
service:
  extensions: [file_storage]
  telemetry: { metrics: { level: none }, logs: { level: error } }
  pipelines:
    logs: { receivers: [otlp], exporters: [otlp_http] }
`
}

interface Sink {
  readonly url: string
  readonly bytes: number
  close(): Promise<void>
}

/** Writes each body into a file as it came. */
async function startSink(directory: string): Promise<Sink> {
  let bytes = 0
  let objects = 0
  const server = createServer(async (request, response) => {
    let tail = Buffer.alloc(0)
    request.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-4)
    })
    try {
      await pipeline(request, createWriteStream(join(directory, `${++objects}.gz`), { flush: true }))
    } catch {
      // The collector was stopped amid its request.
      return
    }
    // gzip ends with the size of what is in it.
    bytes += tail.readUInt32LE()
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/objects`,
    get bytes() {
      return bytes
    },
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
