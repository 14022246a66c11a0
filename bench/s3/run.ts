/**
 * S3 over HTTP beside moto_server, s3rver and versitygw, all running at once and measured in turns: lake, others, lake,
 * others. What counts are ratios of medians and the processor time of a request; rates move with the machine.
 *
 * Requests are signed before a turn begins. PUTs of a turn go to keys that nobody has written before, up to what one
 * turn needs; large objects go round over few keys, so that the disk does not fill.
 */
import { call, type LoadResult, load, type PreparedRequest, prepare, type Target } from '../support/load.ts'
import { type Row, row } from '../support/report.ts'
import {
  processorMs,
  type RunningServer,
  startLake,
  startMoto,
  startS3rver,
  startVersityGateway,
} from '../support/servers.ts'

const KIB = 1024
const MIB = 1024 * KIB
const BUCKET = 'bench-s3'

export interface Contestant {
  readonly name: string
  readonly server: RunningServer
}

export interface Case {
  readonly what: string
  readonly connections: number
  readonly seconds: number
  /** What the case reads or removes: made once for each server. */
  prepareOnce?(target: Target): Promise<void>
  /** The requests of one turn, each of them sent once unless `again`. */
  requests(target: Target, turn: number): Promise<PreparedRequest[]>
  readonly again?: boolean
  /** How many requests make one of what is counted: a multipart upload is several. */
  readonly requestsEach?: number
  /** Servers left out, and why. */
  readonly skip?: Readonly<Record<string, string>>
  /** At least this many times the other's rate. */
  readonly aims?: Readonly<Record<string, number>>
}

const body = (bytes: number) => Buffer.alloc(bytes, 'all the bytes of the lake ')
const BODIES = { small: body(4 * KIB), medium: body(MIB), large: body(64 * MIB) }

/** Signed as S3 clients do it over plain HTTP: with the hash of the payload, or without. */
interface PutShape {
  readonly body: Buffer
  readonly payload?: 'unsigned'
}

function put(target: Target, key: string, { body, payload }: PutShape): Promise<PreparedRequest> {
  return prepare(target, 's3', {
    method: 'PUT',
    path: `/${BUCKET}/${key}`,
    headers: {},
    body,
    ...(payload !== undefined && { payload }),
  })
}

const NO_BODY = Buffer.alloc(0)

function bodiless(
  target: Target,
  method: string,
  key: string,
  query: Record<string, string> = {},
): Promise<PreparedRequest> {
  return prepare(target, 's3', { method, path: `/${BUCKET}${key}`, query, headers: {}, body: NO_BODY })
}

const each = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

async function store(target: Target, keys: number, name: (index: number) => string, shape: PutShape): Promise<void> {
  const requests = await each(keys, (index) => put(target, name(index), shape))
  const { errors } = await load(target, requests, { connections: 8, seconds: 120, once: true })
  if (errors > 0) throw new Error(`${errors} of ${keys} objects were refused`)
}

let turns = 0

function putCase(what: string, keys: number, shape: PutShape, rest: Partial<Case> = {}): Case {
  const isSmall = shape.body.length < MIB
  return {
    what,
    connections: 16,
    seconds: 2,
    again: !isSmall,
    requests: (target) => {
      const turn = isSmall ? turns++ : 0
      return each(keys, (index) => put(target, `${what.replaceAll(' ', '-')}/${turn}/${index}`, shape))
    },
    ...rest,
  }
}

function readCase(
  what: string,
  method: 'GET' | 'HEAD',
  { keys, body }: { keys: number; body: Buffer },
  rest: Partial<Case> = {},
): Case {
  const name = (index: number) => `read-${body.length}/${index}`
  return {
    what,
    connections: 16,
    seconds: 2,
    again: true,
    prepareOnce: (target) => store(target, keys, name, { body }),
    requests: (target) => each(keys, (index) => bodiless(target, method, `/${name(index)}`)),
    ...rest,
  }
}

const AIMS_SMALL_PUT = { moto_server: 5, s3rver: 5, versitygw: 0.5 }
const AIMS_SMALL_GET = { moto_server: 12, s3rver: 12, versitygw: 0.5 }
const AIMS_MEDIUM_PUT = { moto_server: 3, s3rver: 3, versitygw: 1 }
const AIMS_MEDIUM_GET = { moto_server: 8, s3rver: 8, versitygw: 1 }
const GATEWAYS_ONLY = { moto_server: 'only gateways', s3rver: 'only gateways' }

export const CASES: readonly Case[] = [
  putCase('PUT 4 KiB', 20_000, { body: BODIES.small }, { aims: AIMS_SMALL_PUT }),
  putCase('PUT 4 KiB unsigned payload', 20_000, { body: BODIES.small, payload: 'unsigned' }),
  readCase('GET 4 KiB', 'GET', { keys: 2000, body: BODIES.small }, { aims: AIMS_SMALL_GET }),
  readCase('HEAD 4 KiB', 'HEAD', { keys: 2000, body: BODIES.small }),
  {
    what: 'DELETE 4 KiB',
    connections: 16,
    seconds: 2,
    async requests(target, turn) {
      const name = (index: number) => `delete-${turn}/${index}`
      await store(target, 3000, name, { body: BODIES.small })
      return each(3000, (index) => bodiless(target, 'DELETE', `/${name(index)}`))
    },
  },
  {
    what: 'LIST 1,000 of 2,000',
    connections: 4,
    seconds: 2,
    again: true,
    requests: (target) =>
      each(1, () => bodiless(target, 'GET', '', { 'list-type': '2', prefix: `read-${BODIES.small.length}/` })),
  },
  putCase('PUT 1 MiB', 256, { body: BODIES.medium }, { aims: AIMS_MEDIUM_PUT, connections: 8 }),
  putCase('PUT 1 MiB unsigned payload', 256, { body: BODIES.medium, payload: 'unsigned' }, { connections: 8 }),
  readCase('GET 1 MiB', 'GET', { keys: 128, body: BODIES.medium }, { aims: AIMS_MEDIUM_GET, connections: 8 }),
  putCase(
    'PUT 64 MiB',
    8,
    { body: BODIES.large },
    { connections: 4, seconds: 4, aims: { versitygw: 1 }, skip: GATEWAYS_ONLY },
  ),
  readCase(
    'GET 64 MiB',
    'GET',
    { keys: 8, body: BODIES.large },
    { connections: 4, seconds: 4, aims: { versitygw: 1 }, skip: GATEWAYS_ONLY },
  ),
]

export async function run(): Promise<Row[]> {
  const rows: Row[] = []
  const contestants: Contestant[] = []
  const add = (name: string, server: RunningServer | undefined) => {
    if (server === undefined) rows.push(row(name, 'not there: no comparison', ''))
    else contestants.push({ name, server })
  }
  add('lakelet', await startLake())
  add('moto_server', await startMoto())
  add('s3rver', await startS3rver())
  add('versitygw', await startVersityGateway('as it is'))
  add('versitygw, synced', await startVersityGateway('synced'))
  try {
    rows.push(...(await measure(contestants, CASES, 3)))
  } finally {
    for (const { server } of contestants) await server.stop()
  }
  return rows
}

interface Turn extends LoadResult {
  readonly serverMs: number
  readonly clientMs: number
}

/** Every case in turns over all contestants, `turnCount` times after one to warm up. */
export async function measure(
  contestants: readonly Contestant[],
  cases: readonly Case[],
  turnCount: number,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const { server } of contestants) await call(server.target, await bodiless(server.target, 'PUT', ''))
  for (const one of cases) {
    const those = contestants.filter(({ name }) => one.skip?.[name] === undefined)
    for (const { server } of those) await one.prepareOnce?.(server.target)
    const results = new Map<string, Turn[]>(those.map(({ name }) => [name, []]))
    for (let turn = 0; turn <= turnCount; turn++) {
      for (const { name, server } of those) {
        const result = await takeTurn(one, server, turn)
        if (turn > 0) results.get(name)?.push(result)
      }
    }
    const [first] = those
    const ours = median((first && results.get(first.name)) ?? [])
    for (const { name } of those) rows.push(resultRow(one, name, { theirs: median(results.get(name) ?? []), ours }))
  }
  return rows
}

async function takeTurn(one: Case, { target, processId }: RunningServer, turn: number): Promise<Turn> {
  const requests = await one.requests(target, turn)
  const serverBefore = await processorMs(processId)
  const clientBefore = process.cpuUsage()
  const result = await load(target, requests, {
    connections: one.connections,
    seconds: turn === 0 ? one.seconds / 2 : one.seconds,
    once: one.again !== true,
  })
  const { user, system } = process.cpuUsage(clientBefore)
  return {
    ...result,
    serverMs: ((await processorMs(processId)) - serverBefore) / result.requests,
    clientMs: (user + system) / 1000 / result.requests,
  }
}

/** The turn with the median rate, with the median processor time of all. */
function median(results: readonly Turn[]): Turn {
  const middle = Math.floor(results.length / 2)
  const turn = results.toSorted((a, b) => a.perSecond - b.perSecond)[middle]
  if (turn === undefined) throw new Error('There is no turn to take the median of.')
  const serverMs = results.map((result) => result.serverMs).toSorted((a, b) => a - b)[middle] ?? turn.serverMs
  return { ...turn, serverMs }
}

function resultRow({ what, aims }: Case, name: string, { theirs, ours }: { theirs: Turn; ours: Turn }): Row {
  const { perSecond, p50Ms, p99Ms, errors, serverMs, clientMs } = theirs
  const aim = aims?.[name]
  const remarks = [
    ...(theirs === ours ? [] : [`lakelet ${(ours.perSecond / perSecond).toFixed(2)} ×${aim ? ` (aim ${aim})` : ''}`]),
    `processor ${serverMs.toFixed(3)} ms, client ${clientMs.toFixed(3)} ms`,
    `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
    ...(errors > 0 ? [`${errors} refused`] : []),
  ]
  return row(`${what}: ${name}`, perSecond, '/s', remarks.join('; '))
}
