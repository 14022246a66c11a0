/**
 * A gateway over services that keep everything in memory, for driving the wire with real clients. Buckets and
 * objects, one delivery stream that records what it was sent, and operations that fail on purpose.
 */
import { createHash } from 'node:crypto'
import type { BackupEvent } from '../../src/backup/backup.ts'
import type { Authenticator } from '../../src/gateway/authenticate.ts'
import { createGateway, type Gateway, type GatewayParts } from '../../src/gateway/gateway.ts'
import type { ScrubEvent } from '../../src/objects/scrub-events.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { Ids } from '../../src/platform/ids.ts'
import type { Log } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { Refusal } from '../../src/platform/refusal.ts'
import { openAccess } from '../../src/services/access.ts'
import { ConsoleLinks } from '../../src/services/admin/console-links.ts'
import {
  type Caller,
  type HttpService,
  type OperationTable,
  type Service,
  WireError,
} from '../../src/services/operation.ts'
import type { WireRequest, WireResponse } from '../../src/wire/http.ts'
import type { FirehoseOperations } from '../../src/wire/model/firehose.ts'
import type { S3Operations } from '../../src/wire/model/s3.ts'
import { s3Model } from '../../src/wire/model/s3.ts'
import { restXmlCodec } from '../../src/wire/rest-xml/index.ts'
import { percentDecode } from '../../src/wire/sigv4/canonical.ts'

const NO_ROTATION = { isRunning: false, rewrapped: 0, damaged: 0, done: 1 }

export const TEST_KEY = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'secret/of+the/test+key' }

export const testAuthenticator: Authenticator = {
  credentialOf: (id) => (id === TEST_KEY.accessKeyId ? TEST_KEY : undefined),
  principalOf: () => ({ kind: 'root', arn: 'arn:aws:iam::000000000000:root' }),
}

// ---- Firehose

interface FirehoseContext {
  readonly records: string[]
}

const firehoseOperations = {
  async PutRecord(input, { records }) {
    records.push(Buffer.from(input.Record.Data).toString())
    return { RecordId: `id-${records.length}`, Encrypted: false }
  },
  async PutRecordBatch(input, { records }) {
    for (const record of input.Records) records.push(Buffer.from(record.Data).toString())
    return { FailedPutCount: 0, Encrypted: false, RequestResponses: input.Records.map(() => ({ RecordId: 'id' })) }
  },
  async DescribeDeliveryStream({ DeliveryStreamName }) {
    if (DeliveryStreamName === 'bug') throw new Error('a bug')
    throw new Refusal('streamNotFound', `Firehose ${DeliveryStreamName} under account 000000000000 not found.`)
  },
  async CreateDeliveryStream(input) {
    return { DeliveryStreamARN: `arn:aws:firehose:us-east-1:000000000000:deliverystream/${input.DeliveryStreamName}` }
  },
} satisfies OperationTable<FirehoseOperations, FirehoseContext>

function putsTo(action: string) {
  return ({ DeliveryStreamName }: { DeliveryStreamName: string }) => [
    {
      action: `firehose:${action}`,
      resource: `arn:aws:firehose:us-east-1:000000000000:deliverystream/${DeliveryStreamName}`,
    },
  ]
}

export function fakeFirehose(records: string[]): Service<FirehoseContext> {
  return {
    signingName: 'firehose',
    operations: firehoseOperations,
    permissions: {
      PutRecord: putsTo('PutRecord'),
      PutRecordBatch: putsTo('PutRecordBatch'),
      DescribeDeliveryStream: putsTo('DescribeDeliveryStream'),
      CreateDeliveryStream: putsTo('CreateDeliveryStream'),
    },
    context: { records },
    toWireError: (refusal) =>
      refusal.code === 'streamNotFound' ? new WireError('ResourceNotFoundException', refusal.message) : undefined,
  }
}

// ---- S3

interface StoredObject {
  readonly bytes: Buffer
  readonly metadata: Readonly<Record<string, string>>
  readonly encoding: string | undefined
  readonly trailers: Readonly<Record<string, string>>
}

/** Path-style S3 with just enough operations to move bytes and XML both ways. */
export class FakeS3 implements HttpService {
  readonly signingName = 's3'
  readonly objects = new Map<string, StoredObject>()
  readonly #codec = restXmlCodec<S3Operations>(s3Model)

  async handle(request: WireRequest, { principal }: Caller): Promise<WireResponse> {
    if (principal.kind === 'anonymous') throw new WireError('AccessDenied', 'Access Denied', { status: 403 })
    const [, bucket = '', ...rest] = request.rawPath.split('/')
    const labels = { Bucket: percentDecode(bucket), Key: percentDecode(rest.join('/')) }
    const has = (name: string) => request.query.some(([parameter]) => parameter === name)
    const operation =
      labels.Key === ''
        ? { GET: has('list-type') ? 'list' : 'location', PUT: 'createBucket', POST: 'deleteMany' }[request.method]
        : { PUT: 'put', GET: 'get', HEAD: 'head', DELETE: 'delete' }[request.method]
    switch (operation) {
      case 'createBucket':
        await this.#codec.decode('CreateBucket', request, labels)
        return this.#codec.encode('CreateBucket', { Location: `/${bucket}` })
      case 'location':
        return this.#codec.encode('GetBucketLocation', { LocationConstraint: 'eu-west-1' })
      case 'list': {
        const input = await this.#codec.decode('ListObjectsV2', request, labels)
        const prefix = input.Prefix ?? ''
        const found = [...this.objects].filter(([path]) => path.startsWith(`${labels.Bucket}/${prefix}`))
        return this.#codec.encode('ListObjectsV2', {
          Name: input.Bucket,
          Prefix: prefix,
          KeyCount: found.length,
          MaxKeys: input.MaxKeys ?? 1000,
          IsTruncated: false,
          Contents: found.map(([path, { bytes }]) => ({
            Key: path.slice(labels.Bucket.length + 1),
            Size: bytes.byteLength,
            ETag: etag(bytes),
            LastModified: new Date(Date.UTC(2026, 0, 1)),
            StorageClass: 'STANDARD' as const,
          })),
        })
      }
      case 'deleteMany': {
        const input = await this.#codec.decode('DeleteObjects', request, labels)
        for (const { Key } of input.Delete.Objects) this.objects.delete(`${labels.Bucket}/${Key}`)
        return this.#codec.encode('DeleteObjects', { Deleted: input.Delete.Objects.map(({ Key }) => ({ Key })) })
      }
      case 'put':
        return this.#put(request, labels)
      case 'get':
      case 'head': {
        const object = this.objects.get(`${labels.Bucket}/${labels.Key}`)
        if (object === undefined) {
          throw new WireError('NoSuchKey', 'The specified key does not exist.', {
            status: 404,
            extra: { Key: labels.Key },
          })
        }
        const { bytes, metadata } = object
        const described = {
          ContentLength: bytes.byteLength,
          ETag: etag(bytes),
          LastModified: new Date(Date.UTC(2026, 0, 1)),
          Metadata: metadata,
        }
        return operation === 'get'
          ? this.#codec.encode('GetObject', { ...described, Body: inPieces(bytes) })
          : this.#codec.encode('HeadObject', described)
      }
      case 'delete':
        this.objects.delete(`${labels.Bucket}/${labels.Key}`)
        return this.#codec.encode('DeleteObject', {})
      default:
        throw new WireError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
          status: 501,
        })
    }
  }

  async #put(request: WireRequest, labels: { Bucket: string; Key: string }): Promise<WireResponse> {
    if (labels.Bucket === 'absent') {
      throw new WireError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 })
    }
    const input = await this.#codec.decode('PutObject', request, labels)
    const chunks: Uint8Array[] = []
    for await (const chunk of input.Body ?? []) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    this.objects.set(`${labels.Bucket}/${labels.Key}`, {
      bytes,
      metadata: input.Metadata ?? {},
      encoding: input.ContentEncoding,
      trailers: await request.trailers,
    })
    return this.#codec.encode('PutObject', { ETag: etag(bytes) })
  }
}

const etag = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

// ---- the whole

export class RecordingLog implements Log {
  readonly events: string[] = []
  info(event: string): void {
    this.events.push(event)
  }
  warn(event: string): void {
    this.events.push(event)
  }
  error(event: string): void {
    this.events.push(event)
  }
}

export interface FakeLake {
  readonly gateway: Gateway
  readonly endpoint: string
  readonly port: number
  readonly s3: FakeS3
  readonly records: string[]
  readonly log: RecordingLog
}

export async function startFakeLake(
  options: { auth?: 'verify' | 'open'; port?: number; parts?: Partial<GatewayParts> } = {},
): Promise<FakeLake> {
  const s3 = new FakeS3()
  const records: string[] = []
  const log = new RecordingLog()
  const auth = options.auth ?? 'verify'
  const gateway = createGateway({
    settings: { host: '127.0.0.1', port: options.port ?? 0, auth, region: 'us-east-1' },
    services: [fakeFirehose(records)],
    s3,
    authenticator: testAuthenticator,
    access: openAccess,
    admin: {
      auth,
      region: 'us-east-1',
      consoleLinks: NO_LINKS,
      health: async () => ({ status: 'ready', version: '0.0.0' }),
      streams: () => [],
      metrics: {
        totals: () => [],
        crawlers: () => [],
        process: () => ({ residentBytes: 1, heapUsedBytes: 1, cpuSeconds: 1, startedAtMs: 0 }),
      },
      keys: { rotate: async () => NO_ROTATION, rotation: () => NO_ROTATION },
      lifecycle: { begin: () => NO_LIFECYCLE, progress: () => NO_LIFECYCLE },
      backup: () => noBackup(),
      scrub: () => nothingFound(),
      reset: async () => s3.objects.clear(),
    },
    clock: systemClock,
    log,
    ids: new Ids(systemRandom),
    ...options.parts,
  })
  const { port } = await gateway.listen()
  return { gateway, endpoint: `http://127.0.0.1:${port}`, port, s3, records, log }
}

const NO_LINKS = new ConsoleLinks({
  startSession: () => Promise.reject(new Error('There are no sessions here.')),
  newToken: (length) => 't'.repeat(length),
})

const NO_LIFECYCLE = { isRunning: false, seen: 0, expired: 0, removed: 0, aborted: 0, locked: 0 }

async function* noBackup(): AsyncGenerator<BackupEvent, void> {
  yield { event: 'done', directory: '/', figures: { files: 0, bytes: 0 } }
}

async function* nothingFound(): AsyncGenerator<ScrubEvent, void> {
  yield { event: 'done', figures: { versions: 0, parts: 0, bytes: 0, files: 0, locked: 0, problems: 0 } }
}
