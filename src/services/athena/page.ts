/** Tokens of lists: the last item given, hidden. */
import { invalidRequest } from './errors.ts'

export function encodeToken(last: string | number): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url')
}

export function textToken(token: string | undefined): string | undefined {
  return decode(token, 'string') as string | undefined
}

export function numberToken(token: string | undefined): number | undefined {
  return decode(token, 'number') as number | undefined
}

function decode(token: string | undefined, type: 'string' | 'number'): unknown {
  if (token === undefined) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof value === type) return value
  } catch {
    // Not one of our tokens: refused below like any other that is not.
  }
  throw invalidRequest(`The nextPageToken is malformed: ${token}`)
}

/** Asks for one item more than wanted to know whether there is another page. */
export function pageOf<Item>(
  read: (limit: number) => readonly Item[],
  limit: number,
  tokenOf: (last: Item) => string | number,
): { readonly items: readonly Item[]; readonly nextToken: string | undefined } {
  const found = read(limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextToken: found.length > limit && last !== undefined ? encodeToken(tokenOf(last)) : undefined }
}
