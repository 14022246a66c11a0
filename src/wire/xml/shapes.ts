/**
 * Values to and from XML by the shape table, for rest-xml and for the replies of the query protocol.
 *
 *   structure  <Rule><ID>a</ID></Rule>            members by their wire name, attributes where the table says so
 *   list       <Tags><member>…</member></Tags>    or, flattened, repeated elements without the one around them
 *   map        <M><entry><key/><value/></entry></M>
 */
import type { ListShape, MapShape, Member, ServiceModel, Shape, StructureShape, TimestampFormat } from '../shape.ts'
import { formatTimestamp, parseTimestamp } from '../timestamps.ts'
import { MalformedXml, type XmlElement } from './parse.ts'
import { attribute, element, escapeXml } from './write.ts'

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

export function shapeNamed(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name]
  if (shape === undefined) throw new Error(`The model of ${model.signingName} has no shape ${name}.`)
  return shape
}

// ---- writing

/** The body members of a structure as markup, in the order of the model; absent members are left out. */
export function encodeMembers(model: ServiceModel, shape: StructureShape, value: unknown): string {
  const record = value as Readonly<Record<string, unknown>>
  let markup = ''
  for (const key in shape.members) {
    const member = shape.members[key] as Member
    const memberValue = record[key]
    if (memberValue === undefined || memberValue === null || member.in !== undefined || member.xmlAttribute) continue
    markup += encodeMember(model, key, member, memberValue)
  }
  return markup
}

/** One element with the whole value; `attributes` are added to those of the shape. */
export function encodeElement(model: ServiceModel, name: string, member: Member, value: unknown, attributes = '') {
  const shape = shapeNamed(model, member.shape)
  switch (shape.kind) {
    case 'structure':
      return element(name, encodeMembers(model, shape, value), attributes + attributesOf(shape, value))
    case 'list':
      return element(name, encodeItems(model, shape.member.name ?? 'member', shape, value), attributes)
    case 'map':
      return element(name, encodeEntries(model, 'entry', shape, value), attributes)
    default:
      return element(name, escapeXml(scalarText(shape, value, member.timestampFormat ?? 'iso8601')), attributes)
  }
}

function encodeMember(model: ServiceModel, key: string, member: Member, value: unknown): string {
  const shape = shapeNamed(model, member.shape)
  const name = member.name ?? key
  if (shape.kind === 'list' && (shape.flattened || member.flattened)) return encodeItems(model, name, shape, value)
  if (shape.kind === 'map' && (shape.flattened || member.flattened)) return encodeEntries(model, name, shape, value)
  return encodeElement(model, name, member, value)
}

function encodeItems(model: ServiceModel, name: string, shape: ListShape, value: unknown): string {
  return (value as readonly unknown[]).map((item) => encodeElement(model, name, shape.member, item)).join('')
}

function encodeEntries(model: ServiceModel, name: string, shape: MapShape, value: unknown): string {
  return Object.entries(value as Readonly<Record<string, unknown>>)
    .map(([key, entry]) => {
      const keyMarkup = encodeElement(model, shape.key.name ?? 'key', shape.key, key)
      return element(name, keyMarkup + encodeElement(model, shape.value.name ?? 'value', shape.value, entry))
    })
    .join('')
}

function attributesOf(shape: StructureShape, value: unknown): string {
  const record = value as Readonly<Record<string, unknown>>
  return Object.entries(shape.members)
    .filter(([key, member]) => member.xmlAttribute && record[key] !== undefined)
    .map(([key, member]) => {
      const name = member.name ?? key
      return (name.startsWith('xsi:') ? XSI : '') + attribute(name, String(record[key]))
    })
    .join('')
}

/** A scalar as text, the same in elements, headers and query parameters. */
export function scalarText(shape: Shape, value: unknown, timestampFormat: TimestampFormat): string {
  switch (shape.kind) {
    case 'timestamp':
      return formatTimestamp(value as Date, shape.timestampFormat ?? timestampFormat)
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return String(value)
  }
}

// ---- reading

/**
 * The value an element holds. Throws MalformedXml where the document and the shape disagree: unknown or missing
 * elements, text that is no number, a word outside the enumeration.
 */
export function decodeElement(model: ServiceModel, member: Member, source: XmlElement): unknown {
  const shape = shapeNamed(model, member.shape)
  switch (shape.kind) {
    case 'structure':
      return decodeStructure(model, shape, source)
    case 'list':
      return source.children.map((child) => {
        expectName(child, shape.member.name ?? 'member')
        return decodeElement(model, shape.member, child)
      })
    case 'map':
      return decodeEntries(model, shape, source.children)
    default:
      if (source.children.length > 0) throw new MalformedXml(`${source.name} holds elements where text is expected.`)
      return scalarValue(shape, source.text, member.timestampFormat ?? 'iso8601', source.name)
  }
}

function decodeStructure(model: ServiceModel, shape: StructureShape, source: XmlElement): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const byWireName = wireNames(shape)
  for (const child of source.children) {
    const target = byWireName.get(child.name)
    if (target === undefined) throw new MalformedXml(`${source.name} has no element ${child.name}.`)
    const { key, member } = target
    const memberShape = shapeNamed(model, member.shape)
    if (memberShape.kind === 'list' && (memberShape.flattened || member.flattened)) {
      const items = (value[key] ?? []) as unknown[]
      items.push(decodeElement(model, memberShape.member, child))
      value[key] = items
    } else {
      if (value[key] !== undefined) throw new MalformedXml(`${source.name} has ${child.name} twice.`)
      value[key] = decodeElement(model, member, child)
    }
  }
  for (const key in shape.members) {
    const member = shape.members[key] as Member
    if (!member.xmlAttribute) continue
    const text = source.attributes[member.name ?? key]
    if (text !== undefined) value[key] = scalarValue(shapeNamed(model, member.shape), text, 'iso8601', key)
  }
  for (const key of shape.required ?? []) {
    if (value[key] === undefined) throw new MalformedXml(`${source.name} needs ${shape.members[key]?.name ?? key}.`)
  }
  return value
}

const namesOfShape = new WeakMap<StructureShape, Map<string, { key: string; member: Member }>>()

function wireNames(shape: StructureShape): Map<string, { key: string; member: Member }> {
  let names = namesOfShape.get(shape)
  if (names === undefined) {
    const inBody = Object.entries(shape.members).filter(
      ([, member]) => member.in === undefined && member.xmlAttribute !== true,
    )
    names = new Map(inBody.map(([key, member]) => [member.name ?? key, { key, member }]))
    namesOfShape.set(shape, names)
  }
  return names
}

function decodeEntries(model: ServiceModel, shape: MapShape, entries: readonly XmlElement[]): Record<string, unknown> {
  return Object.fromEntries(
    entries.map((entry) => {
      const key = entry.children.find((child) => child.name === (shape.key.name ?? 'key'))
      const value = entry.children.find((child) => child.name === (shape.value.name ?? 'value'))
      if (key === undefined || value === undefined) throw new MalformedXml(`${entry.name} needs a key and a value.`)
      return [key.text, decodeElement(model, shape.value, value)]
    }),
  )
}

function expectName(source: XmlElement, name: string): void {
  if (source.name !== name) throw new MalformedXml(`${source.name} stands where ${name} is expected.`)
}

/** Text to a scalar; throws MalformedXml naming `where`. */
function scalarValue(shape: Shape, text: string, timestampFormat: TimestampFormat, where: string): unknown {
  const value = parseScalar(shape, text, timestampFormat)
  if (value === undefined) throw new MalformedXml(`${where}: '${text.slice(0, 100)}' is no ${shape.kind}.`)
  if (shape.kind === 'string' && shape.enum !== undefined && !shape.enum.includes(text)) {
    throw new MalformedXml(`${where}: '${text.slice(0, 100)}' is none of ${shape.enum.join(', ')}.`)
  }
  return value
}

/** undefined when the text is no such value. Enumerations are not checked here. */
export function parseScalar(shape: Shape, text: string, timestampFormat: TimestampFormat): unknown {
  switch (shape.kind) {
    case 'string':
      return text
    case 'integer':
    case 'long':
      return /^\s*[-+]?\d{1,16}\s*$/.test(text) ? Number(text) : undefined
    case 'double':
    case 'float':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'boolean': {
      const word = text.trim().toLowerCase()
      return word === 'true' ? true : word === 'false' ? false : undefined
    }
    case 'timestamp':
      return parseTimestamp(text.trim(), shape.timestampFormat ?? timestampFormat)
    case 'blob':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) ? Buffer.from(text, 'base64') : undefined
    default:
      throw new Error(`A ${shape.kind} is not written as text.`)
  }
}
