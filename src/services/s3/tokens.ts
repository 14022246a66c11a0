/** Continuation tokens: where the next page begins, opaque to clients. */
import { invalidArgument } from './errors.ts'

const MARK = '1'

export function tokenOf(value: string): string {
  return MARK + Buffer.from(value).toString('base64url')
}

export function valueOfToken(token: string): string {
  const value = Buffer.from(token.slice(MARK.length), 'base64url').toString()
  if (value !== '' && tokenOf(value) === token) return value
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
}
