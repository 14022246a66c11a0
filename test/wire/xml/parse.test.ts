import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MalformedXml, parseXml, XML_DEPTH_MAX } from '../../../src/wire/xml/parse.ts'
import { element, escapeXml, XML_DECLARATION } from '../../../src/wire/xml/write.ts'

test('namespaces are dropped, attributes and text kept', () => {
  const root = parseXml(
    `${XML_DECLARATION}<a:Tags xmlns:a="urn:x" xmlns:xsi="urn:y"><a:Tag xsi:type="T"> k&amp;<![CDATA[<v>]]> </a:Tag></a:Tags>`,
  )
  expect(root).toMatchObject({
    name: 'Tags',
    children: [{ name: 'Tag', attributes: { 'xsi:type': 'T' }, text: ' k&<v> ' }],
  })
})

test.each([
  ['nothing', ''],
  ['text', 'hello'],
  ['an open element', '<a>'],
  ['two roots', '<a/><b/>'],
  ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
  ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
  ['an unknown entity', '<a>&x;</a>'],
  ['an unbound prefix', '<x:a/>'],
  ['too deep a nesting', '<a>'.repeat(XML_DEPTH_MAX + 1) + '</a>'.repeat(XML_DEPTH_MAX + 1)],
])('%s is refused', (_what, text) => {
  expect(() => parseXml(text)).toThrow(MalformedXml)
})

test('whatever XML can say survives writing and reading', () => {
  const sayable = fc
    .string({ unit: 'grapheme' })
    .filter((text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
  fc.assert(
    fc.property(sayable, (text) => {
      expect(parseXml(element('a', escapeXml(text))).text).toBe(text)
    }),
  )
})
