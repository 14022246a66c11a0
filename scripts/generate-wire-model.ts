/**
 * Writes `src/wire/model/<service>.ts` from the public AWS service models of an installed botocore: the TypeScript
 * types of the operations in `wire-operations.ts`, and the table (`ServiceModel`) that the codecs interpret.
 *
 *   npm run generate                             writes the files, among others
 *   tsx scripts/generate-wire-model.ts --check   proves that they are fresh; without botocore it says so and passes
 *
 * botocore's data is found through BOTOCORE_DATA or by asking python3. No documentation text is copied.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { compilePattern } from '../src/wire/pattern.ts'
import type {
  ErrorModel,
  KnownOperation,
  Member,
  OperationModel,
  Protocol,
  ServiceModel,
  Shape,
  TimestampFormat,
} from '../src/wire/shape.ts'
import { openEnumerations, wireOperations } from './wire-operations.ts'

interface SourceMember {
  shape: string
  locationName?: string
  location?: 'header' | 'headers' | 'querystring' | 'uri' | 'statusCode'
  flattened?: boolean
  xmlAttribute?: boolean
  xmlNamespace?: { uri: string } | string
  streaming?: boolean
  timestampFormat?: TimestampFormat
}

interface SourceShape {
  type: string
  members?: Record<string, SourceMember>
  required?: string[]
  payload?: string
  member?: SourceMember
  key?: SourceMember
  value?: SourceMember
  min?: number
  max?: number
  pattern?: string
  enum?: string[]
  flattened?: boolean
  locationName?: string
  xmlNamespace?: { uri: string } | string
  timestampFormat?: TimestampFormat
  union?: boolean
  document?: boolean
  eventstream?: boolean
  exception?: boolean
  fault?: boolean
  error?: { code?: string; httpStatusCode?: number }
}

interface SourceOperation {
  name: string
  http: { method: string; requestUri: string; responseCode?: number }
  input?: { shape: string; locationName?: string; xmlNamespace?: { uri: string } }
  output?: { shape: string; resultWrapper?: string; locationName?: string }
  errors?: { shape: string }[]
  httpChecksum?: {
    requestAlgorithmMember?: string
    requestChecksumRequired?: boolean
    requestValidationModeMember?: string
    responseAlgorithms?: string[]
  }
}

interface Source {
  metadata: {
    apiVersion: string
    endpointPrefix: string
    signingName?: string
    protocol: string
    protocols?: string[]
    awsQueryCompatible?: object
    targetPrefix?: string
    jsonVersion?: string
    xmlNamespace?: string
  }
  operations: Record<string, SourceOperation>
  shapes: Record<string, SourceShape>
}

const MODEL_FOLDER = fileURLToPath(new URL('../src/wire/model/', import.meta.url))

function main(check: boolean): number {
  const data = botocoreData()
  if (data === undefined) {
    console.log('generate: no botocore is installed, so the wire model cannot be compared with its source.')
    return check ? 0 : 1
  }
  mkdirSync(MODEL_FOLDER, { recursive: true })
  let stale = 0
  for (const [service, operations] of Object.entries(wireOperations)) {
    const source = readSource(data.folder, service)
    const text = fileText(service, source, operations, data.version)
    const path = join(MODEL_FOLDER, `${service}.ts`)
    const current = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (current === text) continue
    if (!check) writeFileSync(path, text)
    else if (botocoreVersionIn(current) !== data.version) {
      console.log(
        `generate: src/wire/model/${service}.ts was made from botocore ${botocoreVersionIn(current)}, installed is ${data.version}; not compared.`,
      )
    } else {
      console.error(`src/wire/model/${service}.ts is not what the generator writes: run npm run generate`)
      stale++
    }
  }
  return stale === 0 ? 0 : 1
}

function botocoreVersionIn(text: string): string | undefined {
  return /botocore (\d[\w.]*)/.exec(text)?.[1]
}

function botocoreData(): { folder: string; version: string } | undefined {
  const given = process.env['BOTOCORE_DATA']
  if (given !== undefined) {
    const init = join(given, '..', '__init__.py')
    const version = existsSync(init) ? /__version__ = '([^']+)'/.exec(readFileSync(init, 'utf8'))?.[1] : undefined
    return { folder: given, version: version ?? 'unknown' }
  }
  try {
    const answer = execFileSync(
      'python3',
      ['-c', 'import botocore; print(botocore.__file__); print(botocore.__version__)'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    const [file = '', version = ''] = answer.trim().split('\n')
    return { folder: join(file, '..', 'data'), version }
  } catch {
    // No python3, or no botocore in it: the caller says so.
    return undefined
  }
}

function readSource(folder: string, service: string): Source {
  const versions = readdirSync(join(folder, service)).sort()
  const base = join(folder, service, versions.at(-1) ?? '', 'service-2.json')
  const text = existsSync(base) ? readFileSync(base) : gunzipSync(readFileSync(`${base}.gz`))
  return JSON.parse(text.toString('utf8')) as Source
}

// ---- the runtime table

function modelOf(service: string, source: Source, names: readonly string[]): ServiceModel {
  const { metadata } = source
  const operations: Record<string, OperationModel> = {}
  const errors: Record<string, ErrorModel> = {}
  const shapes: Record<string, Shape> = {}

  const visit = (name: string): void => {
    if (shapes[name] !== undefined) return
    const { enum: words, ...rest } = sourceShape(source, name)
    const isOpen = openEnumerations[service]?.includes(name)
    const shape = shapeOf(name, words === undefined || isOpen ? rest : { ...rest, enum: words })
    shapes[name] = shape
    for (const member of membersOf(shape)) visit(member.shape)
  }

  for (const name of names) {
    const operation = source.operations[name]
    if (operation === undefined) throw new Error(`${service} has no operation ${name}`)
    operations[name] = operationOf(operation)
    if (operation.input) visit(operation.input.shape)
    if (operation.output) visit(operation.output.shape)
    for (const error of operation.errors ?? []) {
      errors[error.shape] = errorOf(error.shape, sourceShape(source, error.shape))
      visit(error.shape)
    }
  }
  return {
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    apiVersion: metadata.apiVersion,
    ...protocolsOf(metadata),
    ...(metadata.targetPrefix && { targetPrefix: metadata.targetPrefix }),
    ...(metadata.jsonVersion && { jsonVersion: metadata.jsonVersion }),
    ...(metadata.xmlNamespace && { xmlNamespace: metadata.xmlNamespace }),
    operations: sorted(operations),
    shapes: sorted(shapes),
    errors: sorted(errors),
    known: Object.values(source.operations)
      .map(({ name, http }): KnownOperation => ({ name, method: http.method, uri: http.requestUri }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** A service of several protocols counts as one of JSON; the others are listed. */
function protocolsOf({ protocol, protocols = [], awsQueryCompatible }: Source['metadata']) {
  if (protocols.length < 2) return { protocol: protocol as Protocol }
  return {
    protocol: 'json' as const,
    protocols,
    ...(awsQueryCompatible !== undefined && { isQueryCompatible: true as const }),
  }
}

function sourceShape(source: Source, name: string): SourceShape {
  const shape = source.shapes[name]
  if (shape === undefined) throw new Error(`no shape ${name}`)
  return shape
}

function operationOf({ http, input, output, httpChecksum }: SourceOperation): OperationModel {
  return {
    method: http.method,
    uri: http.requestUri,
    ...(input && { input: input.shape }),
    ...(output && { output: output.shape }),
    ...(output?.resultWrapper && { resultWrapper: output.resultWrapper }),
    ...(input?.locationName && { inputRoot: input.locationName }),
    ...(input?.xmlNamespace && { inputNamespace: input.xmlNamespace.uri }),
    ...(http.responseCode && http.responseCode !== 200 && { responseCode: http.responseCode }),
    ...(httpChecksum && {
      checksum: {
        ...(httpChecksum.requestAlgorithmMember && { requestAlgorithmMember: httpChecksum.requestAlgorithmMember }),
        ...(httpChecksum.requestChecksumRequired && { required: true }),
        ...(httpChecksum.requestValidationModeMember && {
          requestValidationModeMember: httpChecksum.requestValidationModeMember,
        }),
        ...(httpChecksum.responseAlgorithms && { responseAlgorithms: httpChecksum.responseAlgorithms }),
      },
    }),
  }
}

function errorOf(name: string, shape: SourceShape): ErrorModel {
  const messageMember = Object.keys(shape.members ?? {}).find((member) => member.toLowerCase() === 'message') ?? ''
  return {
    code: shape.error?.code ?? name,
    status: shape.error?.httpStatusCode ?? (shape.fault ? 500 : 400),
    messageMember,
  }
}

function memberOf(member: SourceMember): Member {
  return {
    shape: member.shape,
    ...(member.locationName && { name: member.locationName }),
    ...(member.location && { in: member.location }),
    ...(member.flattened && { flattened: true }),
    ...(member.xmlAttribute && { xmlAttribute: true }),
    ...(member.xmlNamespace && { xmlNamespace: uriOf(member.xmlNamespace) }),
    ...(member.streaming && { streaming: true }),
    ...(member.timestampFormat && { timestampFormat: member.timestampFormat }),
  }
}

const uriOf = (namespace: { uri: string } | string) => (typeof namespace === 'string' ? namespace : namespace.uri)

function shapeOf(name: string, source: SourceShape): Shape {
  const bounds = {
    ...(source.min !== undefined && { min: source.min }),
    ...(source.max !== undefined && { max: source.max }),
  }
  switch (source.type) {
    case 'structure':
      if (source.document) return { kind: 'document' }
      if (source.eventstream) throw new Error(`${name}: event streams are not spoken`)
      return {
        kind: 'structure',
        members: mapValues(source.members ?? {}, memberOf),
        ...(source.required?.length && { required: source.required }),
        ...(source.payload && { payload: source.payload }),
        ...(source.locationName && { xmlName: source.locationName }),
        ...(source.xmlNamespace && { xmlNamespace: uriOf(source.xmlNamespace) }),
        ...(source.union && { union: true }),
      }
    case 'list':
      return {
        kind: 'list',
        member: memberOf(source.member as SourceMember),
        ...bounds,
        ...(source.flattened && { flattened: true }),
      }
    case 'map':
      return {
        kind: 'map',
        key: memberOf(source.key as SourceMember),
        value: memberOf(source.value as SourceMember),
        ...bounds,
        ...(source.flattened && { flattened: true }),
      }
    case 'string':
    case 'character':
      if (source.pattern !== undefined) compilePattern(source.pattern)
      return {
        kind: 'string',
        ...bounds,
        ...(source.pattern !== undefined && { pattern: source.pattern }),
        ...(source.enum && { enum: source.enum }),
      }
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      return { kind: source.type, ...bounds }
    case 'blob':
      return { kind: 'blob', ...bounds }
    case 'boolean':
      return { kind: 'boolean' }
    case 'timestamp':
      return { kind: 'timestamp', ...(source.timestampFormat && { timestampFormat: source.timestampFormat }) }
    default:
      throw new Error(`${name}: unknown type ${source.type}`)
  }
}

function membersOf(shape: Shape): readonly Member[] {
  switch (shape.kind) {
    case 'structure':
      return Object.values(shape.members)
    case 'list':
      return [shape.member]
    case 'map':
      return [shape.key, shape.value]
    default:
      return []
  }
}

// ---- the TypeScript text

function fileText(service: string, source: Source, names: readonly string[], version: string): string {
  const model = modelOf(service, source, names)
  return [
    `/**`,
    ` * GENERATED by scripts/generate-wire-model.ts: do not edit. npm run generate writes it anew.`,
    ` *`,
    ` * The wire shapes of ${service}, API ${model.apiVersion}, derived from the AWS service model in botocore ${version}`,
    ` * (Copyright Amazon.com, Inc. or its affiliates; Apache License 2.0). Names and constraints only, no documentation.`,
    ` */`,
    `import type { ServiceModel } from '../shape.ts'`,
    ``,
    ...Object.entries(model.shapes).flatMap(([name, shape]) => declarationOf(name, shape, model)),
    `/** What each operation takes and gives. */`,
    `export interface ${pascal(service)}Operations {`,
    ...Object.entries(model.operations).map(
      ([name, { input, output }]) =>
        `  readonly ${name}: { readonly input: ${input ?? 'object'}; readonly output: ${output ?? 'object'} }`,
    ),
    `}`,
    ``,
    `export const ${service}Model: ServiceModel = {`,
    ...Object.entries(model).flatMap(([key, value]) => tableLines(key, value)),
    `}`,
    ``,
  ].join('\n')
}

function tableLines(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return [`  ${key}: [`, ...value.map((entry) => `    ${literal(entry)},`), `  ],`]
  if (typeof value === 'object' && value !== null) {
    return [`  ${key}: {`, ...Object.entries(value).map(([name, entry]) => `    ${name}: ${literal(entry)},`), `  },`]
  }
  return [`  ${key}: ${literal(value)},`]
}

/** One line of TypeScript for plain data. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => `${propertyName(key)}: ${literal(entry)}`)
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
  }
  return typeof value === 'string' ? quoted(value) : String(value)
}

const quoted = (text: string) => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
const propertyName = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key))
const pascal = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function declarationOf(name: string, shape: Shape, model: ServiceModel): string[] {
  if (shape.kind === 'string' && shape.enum !== undefined) {
    return [`export type ${name} = ${shape.enum.map(quoted).join(' | ')}`, ``]
  }
  if (shape.kind !== 'structure') return []
  const isRequest = Object.values(model.operations).some((operation) => operation.input === name)
  const lines = Object.entries(shape.members).map(([member, target]) => {
    const optional = shape.required?.includes(member) ? '' : '?'
    return `  readonly ${propertyName(member)}${optional}: ${memberType(target, model, isRequest)}`
  })
  return lines.length === 0 ? [`export type ${name} = object`, ``] : [`export interface ${name} {`, ...lines, `}`, ``]
}

/**
 * Enumerated headers and parameters of rest-xml requests stay `string`: S3 checks them itself, with an answer of its
 * own for each.
 */
function memberType(member: Member, model: ServiceModel, isRequest: boolean): string {
  const shape = model.shapes[member.shape] as Shape
  if (member.streaming) return isRequest ? 'AsyncIterable<Uint8Array>' : 'AsyncIterable<Uint8Array> | Uint8Array'
  if (isRequest && member.in !== undefined && shape.kind === 'string') return 'string'
  return typeOf(member.shape, model)
}

function typeOf(name: string, model: ServiceModel): string {
  const shape = model.shapes[name] as Shape
  switch (shape.kind) {
    case 'structure':
      return name
    case 'list': {
      const element = typeOf(shape.member.shape, model)
      return `readonly ${element.startsWith('readonly ') ? `(${element})` : element}[]`
    }
    case 'map':
      return `{ readonly [key: string]: ${typeOf(shape.value.shape, model)} }`
    case 'string':
      return shape.enum === undefined ? 'string' : name
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      return 'number'
    case 'blob':
      return 'Uint8Array'
    case 'timestamp':
      return 'Date'
    case 'boolean':
      return 'boolean'
    case 'document':
      return 'unknown'
  }
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main(process.argv.includes('--check')))
