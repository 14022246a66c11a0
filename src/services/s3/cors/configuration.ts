/** CORS configurations between the wire and the store. Bounds of the API reference, texts as S3 gives them. */
import type { CorsRule } from '../../../objects/object-store.ts'
import type { CORSRule } from '../../../wire/model/s3.ts'
import { invalidArgument, invalidRequest, malformedXml } from '../errors.ts'

export const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])
const RULES_MAX = 100
const ID_LENGTH_MAX = 255
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/

export function corsOfRules(rules: readonly CORSRule[]): readonly CorsRule[] {
  if (rules.length === 0) throw malformedXml()
  if (rules.length > RULES_MAX) {
    throw invalidRequest(`The number of CORS rules should not exceed allowed limit of ${RULES_MAX} rules.`)
  }
  return rules.map(corsOfRule)
}

export function rulesOfCors(rules: readonly CorsRule[]): CORSRule[] {
  return rules.map(({ id, origins, methods, requestHeaders, exposedHeaders, maxAgeSeconds }) => ({
    ...(id !== undefined && { ID: id }),
    AllowedMethods: methods,
    AllowedOrigins: origins,
    ...(requestHeaders !== undefined && { AllowedHeaders: requestHeaders }),
    ...(exposedHeaders !== undefined && { ExposeHeaders: exposedHeaders }),
    ...(maxAgeSeconds !== undefined && { MaxAgeSeconds: maxAgeSeconds }),
  }))
}

function corsOfRule(rule: CORSRule): CorsRule {
  const { ID, AllowedOrigins, AllowedMethods, AllowedHeaders, ExposeHeaders, MaxAgeSeconds } = rule
  if (ID !== undefined && ID.length > ID_LENGTH_MAX) {
    throw invalidArgument(`ID length should not exceed allowed limit of ${ID_LENGTH_MAX}`, 'ID', ID)
  }
  for (const origin of AllowedOrigins) requireOneWildcard('AllowedOrigin', origin)
  for (const method of AllowedMethods) {
    if (METHODS.has(method)) continue
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`)
  }
  for (const name of AllowedHeaders ?? []) {
    requireOneWildcard('AllowedHeader', name)
    requireHeaderName('AllowedHeader', name)
  }
  for (const name of ExposeHeaders ?? []) {
    if (name.includes('*')) {
      throw invalidRequest(
        `ExposeHeader "${name}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      )
    }
    requireHeaderName('ExposeHeader', name)
  }
  return {
    ...(ID !== undefined && { id: ID }),
    origins: AllowedOrigins,
    methods: AllowedMethods,
    ...(AllowedHeaders !== undefined && { requestHeaders: AllowedHeaders }),
    ...(ExposeHeaders !== undefined && { exposedHeaders: ExposeHeaders }),
    ...(MaxAgeSeconds !== undefined && { maxAgeSeconds: MaxAgeSeconds }),
  }
}

function requireOneWildcard(element: string, text: string): void {
  if (text.split('*').length <= 2) return
  throw invalidRequest(`${element} "${text}" can not have more than one wildcard.`)
}

function requireHeaderName(element: string, name: string): void {
  if (!HEADER_NAME.test(name)) throw invalidRequest(`${element} "${name}" contains invalid character.`)
}
