/**
 * XML text to a small tree, for request bodies: namespaces dropped, DTDs and entities of the sender's own refused,
 * size, depth and number of elements bounded.
 */
import { SaxesParser } from 'saxes'

export interface XmlElement {
  /** Without prefix. */
  readonly name: string
  /** By the name as written: `xsi:type`. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All character data directly inside, unchanged. */
  readonly text: string
}

export const XML_DEPTH_MAX = 32
/** A CompleteMultipartUpload of 10,000 parts with a checksum of every kind has about 100,000. */
export const XML_ELEMENTS_MAX = 200_000

export class MalformedXml extends Error {}

interface OpenElement {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

/** Throws MalformedXml for anything that is not one well-formed, entity-free document within the bounds. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true })
  const open: OpenElement[] = []
  let root: XmlElement | undefined
  let elements = 0

  parser.on('error', (error) => {
    throw new MalformedXml(error.message)
  })
  parser.on('doctype', () => {
    throw new MalformedXml('A document type declaration is not allowed.')
  })
  parser.on('opentag', (tag) => {
    if (++elements > XML_ELEMENTS_MAX) throw new MalformedXml(`More than ${XML_ELEMENTS_MAX} elements.`)
    if (open.length >= XML_DEPTH_MAX) throw new MalformedXml(`Nested deeper than ${XML_DEPTH_MAX}.`)
    const attributes: Record<string, string> = {}
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns') attributes[attribute.name] = attribute.value
    }
    open.push({ name: tag.local, attributes, children: [], text: '' })
  })
  const addText = (data: string) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += data
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const element = open.pop() as OpenElement
    const parent = open.at(-1)
    if (parent === undefined) root = element
    else parent.children.push(element)
  })

  parser.write(text).close()
  if (root === undefined) throw new MalformedXml('The document is empty.')
  return root
}
