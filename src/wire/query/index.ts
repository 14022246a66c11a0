/**
 * The query protocol of STS, IAM and, for its older clients, CloudWatch: an operation's input as form parameters, its output as XML.
 *
 *   Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.1.Key=k&Tags.member.1.Value=v
 *   <CreateRoleResponse xmlns="…"><CreateRoleResult><Role>…</Role></CreateRoleResult>
 *     <ResponseMetadata><RequestId>…</RequestId></ResponseMetadata></CreateRoleResponse>
 */
import { WireError } from '../error.ts'
import type { WireResponse } from '../http.ts'
import type { Member, ServiceModel, Shape, StructureShape } from '../shape.ts'
import { queryPairs } from '../sigv4/canonical.ts'
import { validationErrors } from '../validation.ts'
import { encodeMembers, parseScalar } from '../xml/shapes.ts'
import { attribute, element, textElement } from '../xml/write.ts'
import { queryErrorName } from './compatible.ts'

/** Members of one list that are looked at; the models allow no more than 200. */
const LIST_MEMBERS_MAX = 1000

export interface QueryCodec {
  /** Throws WireError ValidationError with the framework's text, or MalformedInput. */
  decode(operation: string, parameters: Readonly<Record<string, string>>): Record<string, unknown>
  encode(operation: string, output: unknown, requestId: string): WireResponse
  encodeError(error: WireError, requestId: string): WireResponse
}

/** A form body or query string as a table; of a repeated parameter the last counts. */
export function formParameters(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(queryPairs(text))
}

export function queryCodec(model: ServiceModel): QueryCodec {
  const namespace = attribute('xmlns', model.xmlNamespace ?? '')
  const headers = { 'content-type': 'text/xml' }
  const metadata = (requestId: string) => element('ResponseMetadata', textElement('RequestId', requestId))

  return {
    decode(operationName, parameters) {
      const shapeName = model.operations[operationName]?.input
      if (shapeName === undefined) return {}
      const input = decodeStructure(
        { model, parameters, paths: pathsOf(parameters) },
        model.shapes[shapeName] as StructureShape,
        '',
      )
      const text = validationErrors(model, shapeName, input)
      if (text !== undefined) throw new WireError('ValidationError', text)
      return input
    },

    encode(operationName, output, requestId) {
      const operation = model.operations[operationName]
      const shape = operation?.output === undefined ? undefined : (model.shapes[operation.output] as StructureShape)
      const members = shape === undefined ? '' : encodeMembers(model, shape, output)
      const wrapper = operation?.resultWrapper
      const result = wrapper === undefined ? members : element(wrapper, members)
      const body = element(`${operationName}Response`, result + metadata(requestId), namespace)
      return { status: 200, headers, body }
    },

    encodeError(error, requestId) {
      const extra = Object.entries(error.extra).map(([name, value]) => textElement(name, String(value)))
      const type = textElement('Type', error.status >= 500 ? 'Receiver' : 'Sender')
      const content =
        type +
        textElement('Code', queryErrorName(model, error.code)) +
        textElement('Message', error.message) +
        extra.join('')
      const body = element('ErrorResponse', element('Error', content) + textElement('RequestId', requestId), namespace)
      return { status: error.status, headers: { ...headers, ...error.headers }, body }
    },
  }
}

interface Source {
  readonly model: ServiceModel
  readonly parameters: Readonly<Record<string, string>>
  /** Every `a.` and `a.b.` that some parameter begins with. */
  readonly paths: ReadonlySet<string>
}

function decodeStructure(source: Source, shape: StructureShape, path: string): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(shape.members)) {
    const memberValue = decodeValue(source, member, path + (member.name ?? key))
    if (memberValue !== undefined) value[key] = memberValue
  }
  return value
}

/** undefined when no parameter speaks of it. */
function decodeValue(source: Source, member: Member, path: string): unknown {
  const shape = source.model.shapes[member.shape] as Shape
  switch (shape.kind) {
    case 'structure':
      return hasAny(source, `${path}.`) ? decodeStructure(source, shape, `${path}.`) : undefined
    case 'list': {
      // An empty list is written as the bare name.
      if (!hasAny(source, `${path}.`)) return source.parameters[path] === '' ? [] : undefined
      const prefix = shape.flattened ? path : `${path}.${shape.member.name ?? 'member'}`
      const items: unknown[] = []
      for (let index = 1; index <= LIST_MEMBERS_MAX; index++) {
        const item = decodeValue(source, shape.member, `${prefix}.${index}`)
        if (item === undefined) break
        items.push(item)
      }
      return items
    }
    case 'map': {
      const prefix = shape.flattened ? path : `${path}.entry`
      const entries: [string, unknown][] = []
      for (let index = 1; index <= LIST_MEMBERS_MAX; index++) {
        const key = source.parameters[`${prefix}.${index}.${shape.key.name ?? 'key'}`]
        if (key === undefined) break
        entries.push([key, decodeValue(source, shape.value, `${prefix}.${index}.${shape.value.name ?? 'value'}`)])
      }
      return entries.length === 0 ? undefined : Object.fromEntries(entries)
    }
    default: {
      const text = source.parameters[path]
      if (text === undefined) return undefined
      const value = parseScalar(shape, text, 'iso8601')
      if (value === undefined) {
        throw new WireError('MalformedInput', `${path}: '${text.slice(0, 100)}' is not a valid ${shape.kind}.`)
      }
      return value
    }
  }
}

function hasAny({ paths }: Source, prefix: string): boolean {
  return paths.has(prefix)
}

function pathsOf(parameters: Readonly<Record<string, string>>): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const name in parameters) {
    for (let dot = name.lastIndexOf('.'); dot >= 0; dot = name.lastIndexOf('.', dot - 1)) {
      const path = name.slice(0, dot + 1)
      if (paths.has(path)) break
      paths.add(path)
      if (dot === 0) break
    }
  }
  return paths
}
