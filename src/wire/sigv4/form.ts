/**
 * The signature of a browser's form: of its policy, in the form's fields (S3, "Authenticating Requests in Browser-Based
 * Uploads"). Texts as S3 gives them.
 */
import { WireError } from '../error.ts'
import { SignatureFailure } from './failure.ts'
import type { SigningKeys } from './signing-keys.ts'
import { isSignatureOf } from './verify.ts'

export interface FormVerification {
  /** undefined: no such key, or it is not active. Throws for a session token that does not belong to it. */
  readonly secretOf: (accessKeyId: string) => string | undefined
  readonly keys: SigningKeys
  readonly region: string
}

const FIELDS = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'] as const
type Field = (typeof FIELDS)[number]

/** The access key that signed; undefined for a form without any of the fields. `fields` by lower-case name. */
export function verifyForm(
  fields: Readonly<Record<string, string>>,
  { secretOf, keys, region }: FormVerification,
): string | undefined {
  if (FIELDS.every((name) => fields[name] === undefined)) return undefined
  const given = Object.fromEntries(FIELDS.map((name) => [name, required(fields, name)])) as Record<Field, string>
  const { accessKeyId, date } = scopeOf(given['x-amz-credential'], region)
  if (given['x-amz-algorithm'] !== 'AWS4-HMAC-SHA256') {
    throw invalid('x-amz-algorithm', given['x-amz-algorithm'], 'Only AWS4-HMAC-SHA256 is supported')
  }
  if (!/^\d{8}T\d{6}Z$/.test(given['x-amz-date'])) {
    throw invalid(
      'x-amz-date',
      given['x-amz-date'],
      "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    )
  }
  const secret = secretOf(accessKeyId)
  if (secret === undefined) throw new SignatureFailure({ kind: 'unknownKey', accessKeyId })
  if (isSignatureOf(keys.keyFor(secret, date, region, 's3'), given.policy, given['x-amz-signature'])) return accessKeyId
  throw new SignatureFailure({
    kind: 'mismatch',
    accessKeyId,
    provided: given['x-amz-signature'],
    stringToSign: given.policy,
    canonicalRequest: undefined,
  })
}

function required(fields: Readonly<Record<string, string>>, name: Field): string {
  const value = fields[name]
  if (value !== undefined) return value
  throw invalid(
    name,
    '',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
  )
}

function scopeOf(credential: string, expectedRegion: string): { accessKeyId: string; date: string } {
  const refuse = (message: string) => invalid('x-amz-credential', credential, message)
  const [accessKeyId = '', date = '', region, service, terminal, ...rest] = credential.split('/')
  if (terminal === undefined || rest.length > 0) {
    throw refuse('the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".')
  }
  if (!/^\d{8}$/.test(date)) {
    throw refuse(`incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`)
  }
  if (terminal !== 'aws4_request') throw refuse(`incorrect terminal "${terminal}". This endpoint uses "aws4_request".`)
  if (service !== 's3') throw refuse(`incorrect service "${service}". This endpoint belongs to "s3".`)
  if (region !== expectedRegion) throw refuse(`the region "${region}" is wrong; expecting "${expectedRegion}"`)
  return { accessKeyId, date }
}

function invalid(name: string, value: string, message: string): WireError {
  return new WireError('InvalidArgument', message, { extra: { ArgumentName: name, ArgumentValue: value } })
}
