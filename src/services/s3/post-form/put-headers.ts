/** The fields of a form as the headers of a PutObject. */

import { s3Model, type Tagging } from '../../../wire/model/s3.ts'
import { MalformedXml, parseXml } from '../../../wire/xml/parse.ts'
import { decodeElement } from '../../../wire/xml/shapes.ts'
import { malformedXml } from '../errors.ts'

const AS_THEY_ARE = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-type',
  'expires',
])
/** What signs the form is no header of the object. */
const OF_SIGNATURE = /^x-amz-(algorithm|credential|date|signature|security-token)$/

export function putHeaders(fields: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) {
    const isHeader = AS_THEY_ARE.has(name) ? value !== '' : name.startsWith('x-amz-') && !OF_SIGNATURE.test(name)
    // Header values hold bytes, a character each.
    if (isHeader) headers[name] = Buffer.from(value, 'utf8').toString('latin1')
  }
  const { acl, tagging } = fields
  if (acl !== undefined) headers['x-amz-acl'] = acl
  if (tagging !== undefined) headers['x-amz-tagging'] = tagHeader(tagging)
  return headers
}

/** A form has its tags as XML, a PutObject has them as a query. */
function tagHeader(xml: string): string {
  try {
    const document = parseXml(xml)
    if (document.name !== 'Tagging') throw new MalformedXml(`The root element is ${document.name}.`)
    const { TagSet } = decodeElement(s3Model, { shape: 'Tagging' }, document) as Tagging
    return TagSet.map(({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`).join('&')
  } catch (error) {
    if (error instanceof MalformedXml) throw malformedXml({}, error)
    throw error
  }
}
