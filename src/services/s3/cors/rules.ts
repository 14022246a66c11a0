/**
 * Which rule of a bucket lets a page of another origin ask, and what the browser is told then. The first rule that fits
 * decides (PutBucketCors in the API reference).
 */
import type { CorsRule } from '../../../objects/object-store.ts'

export interface CrossOriginAsk {
  readonly origin: string
  readonly method: string
  /** Of a preflight: headers that the page wants to send. */
  readonly requestHeaders: readonly string[]
}

export function ruleFor(rules: readonly CorsRule[], ask: CrossOriginAsk): CorsRule | undefined {
  return rules.find(
    ({ origins, methods, requestHeaders = [] }) =>
      methods.includes(ask.method) &&
      origins.some((pattern) => fits(pattern, ask.origin)) &&
      ask.requestHeaders.every((name) =>
        requestHeaders.some((pattern) => fits(pattern.toLowerCase(), name.toLowerCase())),
      ),
  )
}

/** An origin that a pattern other than `*` lets in may send credentials, and is told by name. */
export function allowingHeaders(rule: CorsRule, ask: CrossOriginAsk): Readonly<Record<string, string>> {
  const pattern = rule.origins.find((candidate) => fits(candidate, ask.origin))
  const exposed = rule.exposedHeaders ?? []
  return {
    'access-control-allow-origin': pattern === '*' ? '*' : ask.origin,
    'access-control-allow-methods': rule.methods.join(', '),
    ...(ask.requestHeaders.length > 0 && {
      'access-control-allow-headers': ask.requestHeaders.join(', ').toLowerCase(),
    }),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    ...(pattern !== '*' && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  }
}

function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
