/** URLs, split as java.net.URI splits them. */
import { invalidArgument, type JsFunction, js } from './define.ts'

const URI = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s
const ILLEGAL = /[\x00-\x20<>"{}|\\^`]|%(?![0-9a-fA-F]{2})/
const AUTHORITY = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/

type Part = 'protocol' | 'host' | 'port' | 'path' | 'query' | 'fragment'

/** undefined: not a URI. A part that is absent is '' for text, NULL for a host or port. */
function parts(url: string): Readonly<Record<Part, string | null>> | undefined {
  const found = ILLEGAL.test(url) ? null : URI.exec(url)
  if (found === null) return undefined
  const [, protocol = '', authority = '', path = '', query = '', fragment = ''] = found
  const [, , host = '', port = ''] = AUTHORITY.exec(authority) ?? []
  const opaque = protocol !== '' && authority === '' && !path.startsWith('/')
  return {
    protocol,
    host: /^[A-Za-z0-9.-]*$|^\[/.test(host) ? host : '',
    port: port === '' ? null : port,
    path: opaque ? '' : decoded(path),
    query: decoded(query),
    fragment: decoded(fragment),
  }
}

function decoded(text: string): string {
  return Buffer.from(
    text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    text.includes('%') ? 'latin1' : 'utf8',
  ).toString('utf8')
}

function parameter(url: string, name: string): string | null {
  const found = ILLEGAL.test(url) ? null : URI.exec(url)
  const query = found?.[4]
  if (query === undefined) return null
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const key = equals < 0 ? pair : pair.slice(0, equals)
    if (key === name) return equals < 0 ? '' : formDecoded(pair.slice(equals + 1))
  }
  return null
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

export const urlFunctions: readonly JsFunction[] = [
  js('js_url_part', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (url, part) => parts(url)?.[part as Part] ?? null),
  js('js_url_parameter', ['VARCHAR', 'VARCHAR'], 'VARCHAR', parameter),
  js('js_url_encode', ['VARCHAR'], 'VARCHAR', (text) =>
    [...Buffer.from(text, 'utf8')]
      .map((byte) => {
        const character = String.fromCharCode(byte)
        if (/[A-Za-z0-9._*-]/.test(character)) return character
        return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
      })
      .join(''),
  ),
  js('js_url_decode', ['VARCHAR'], 'VARCHAR', (text) => {
    if (/%(?![0-9a-fA-F]{2})/.test(text)) {
      return invalidArgument('URLDecoder: Illegal hex characters in escape (%) pattern')
    }
    const bytes = Buffer.from(
      text
        .replaceAll('+', ' ')
        .replace(/[^\x00-\x7f]+/g, (part) => encodeURIComponent(part))
        .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    )
    return bytes.toString('utf8')
  }),
]
