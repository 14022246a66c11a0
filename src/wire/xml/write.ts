/** A tree of elements to XML text. Names come from the service models; only text and attribute values are escaped. */

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Control characters become references, as in S3's own replies: a key may hold them, and a bare CR would be read back
 * as LF.
 */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/g,
    (character) => ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  )
}

/** `content` is markup already. */
export function element(name: string, content: string, attributes = ''): string {
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`
}

export function textElement(name: string, text: string): string {
  return element(name, escapeXml(text))
}

export function attribute(name: string, value: string): string {
  return ` ${name}="${escapeXml(value)}"`
}
