/** What the services that work with customer keys share: how AWS names a key, and AWS's words for what keys refuse. */
import { type CustomerKey, type CustomerKeys, type KeyRefusal, S3_ALIAS } from '../keys/customer-keys.ts'
import { Refusal } from '../platform/refusal.ts'

export interface KeyNaming {
  readonly keys: CustomerKeys
  readonly region: string
}

const KEY_ID = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i
const ARN = /^arn:aws[a-z-]*:kms:([^:]*):([^:]*):(key|alias)\/(.+)$/

/** By id, arn, alias or alias arn. Refuses keyNotFound, aliasNotFound. */
export async function keyNamed(name: string, naming: KeyNaming): Promise<CustomerKey> {
  const { keys } = naming
  const alias = aliasIn(name, naming)
  if (alias === undefined) return keyByIdOrArn(name, naming)
  // An alias of AWS's own has a key as soon as somebody asks for it.
  return alias === S3_ALIAS ? keys.s3Key() : keys.byAlias(alias)
}

/** For operations that take no alias. */
export function keyByIdOrArn(name: string, { keys, region }: KeyNaming): CustomerKey {
  const arn = ARN.exec(name)
  if (arn === null) {
    if (!KEY_ID.test(name)) throw unknownName(`Invalid keyId '${name}'`)
    return keys.byId(name.toLowerCase())
  }
  const [, arnRegion, , kind, id = ''] = arn
  if (arnRegion !== region) throw unknownName(`Invalid arn ${arnRegion}`)
  if (kind !== 'key' || !KEY_ID.test(id)) throw unknownName(`Invalid keyId '${name}'`)
  if (keys.arnOf(id) !== name) throw unknownName(`Key '${name}' does not exist`)
  return keys.byId(id)
}

function aliasIn(name: string, { keys, region }: KeyNaming): string | undefined {
  if (name.startsWith('alias/')) return name
  const [, arnRegion, , kind, rest] = ARN.exec(name) ?? []
  if (kind !== 'alias') return undefined
  if (arnRegion !== region) throw unknownName(`Invalid arn ${arnRegion}`)
  if (keys.aliasArnOf(`alias/${rest}`) !== name) throw unknownName(`Alias ${name} is not found.`)
  return `alias/${rest}`
}

function unknownName(text: string): Refusal<KeyRefusal> {
  return new Refusal('keyNotFound', text, { fields: { text } })
}

type Fields = Readonly<Record<string, unknown>>

export interface KeyAnswer {
  readonly code: string
  readonly message: string
}

/** AWS KMS's error for a refusal of the keys; undefined for any other. S3 says the same behind `KMS.`. */
export function keyAnswer({ code, fields }: Refusal): KeyAnswer | undefined {
  const answer = Object.hasOwn(ANSWERS, code) ? ANSWERS[code as KeyRefusal] : undefined
  return answer && { code: answer.code, message: answer.message(fields) }
}

const ANSWERS: Readonly<Record<KeyRefusal, { code: string; message: (fields: Fields) => string }>> = {
  keyNotFound: {
    code: 'NotFoundException',
    message: ({ text, keyArn }) => (text === undefined ? `Key '${keyArn}' does not exist` : String(text)),
  },
  aliasNotFound: { code: 'NotFoundException', message: ({ aliasArn }) => `Alias ${aliasArn} is not found.` },
  aliasExists: {
    code: 'AlreadyExistsException',
    message: ({ aliasArn }) => `An alias with the name ${aliasArn} already exists`,
  },
  keyDisabled: { code: 'DisabledException', message: ({ keyArn }) => `${keyArn} is disabled.` },
  keyPendingDeletion: { code: 'KMSInvalidStateException', message: ({ keyArn }) => `${keyArn} is pending deletion.` },
  keyNotPendingDeletion: {
    code: 'KMSInvalidStateException',
    message: ({ keyArn }) => `${keyArn} is not pending deletion.`,
  },
  keyIsManaged: {
    code: 'AccessDeniedException',
    message: ({ keyArn }) => `${keyArn} is an AWS managed key: it is used through its service and changed by nobody.`,
  },
  ciphertextInvalid: { code: 'InvalidCiphertextException', message: () => '' },
}
