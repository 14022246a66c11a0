/** Ids and arns of identities, formed as AWS forms them. */
import type { Ids } from '../platform/ids.ts'

const ID_PREFIXES = { role: 'AROA', user: 'AIDA', policy: 'ANPA' } as const

export function newId(kind: keyof typeof ID_PREFIXES, ids: Ids): string {
  return ID_PREFIXES[kind] + upperAlphanumeric(17, ids)
}

export function newAccessKeyPair(ids: Ids): { accessKeyId: string; secretAccessKey: string } {
  return { accessKeyId: `AKIA${upperAlphanumeric(16, ids)}`, secretAccessKey: ids.alphanumeric(40) }
}

export function newSessionKeyPair(ids: Ids): { accessKeyId: string; secretAccessKey: string } {
  return { accessKeyId: `ASIA${upperAlphanumeric(16, ids)}`, secretAccessKey: ids.alphanumeric(40) }
}

/** Of the 32 characters AWS uses in ids. */
function upperAlphanumeric(length: number, ids: Ids): string {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let text = ''
  for (let index = 0; index < length; index++) text += ALPHABET[Number.parseInt(ids.hex(2), 16) & 31]
  return text
}

export function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`
}

export function entityArn(accountId: string, kind: 'role' | 'user' | 'policy', path: string, name: string): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`
}

/** Of temporary credentials; a role's path is not in it. */
export function sessionArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`
}

/** The name in a role's arn of this account, or undefined when it is no such arn. */
export function roleNameOf(arn: string, accountId: string): string | undefined {
  const prefix = `arn:aws:iam::${accountId}:role/`
  return arn.startsWith(prefix) ? arn.slice(arn.lastIndexOf('/') + 1) : undefined
}

/** Policies that AWS keeps for everybody. */
export function isAwsManaged(policyArn: string): boolean {
  return /^arn:aws:iam::aws:policy\/[\w+=,.@/-]+$/.test(policyArn)
}
