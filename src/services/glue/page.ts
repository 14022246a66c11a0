/**
 * Paging over a sorted list. A token names the last item given, so that items made or removed in between neither
 * repeat nor hide others.
 */
import { invalidInput } from './errors.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextToken: string | undefined
}

export function encodeToken(last: readonly string[]): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url')
}

export function decodeToken(token: string): readonly string[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (Array.isArray(decoded) && decoded.every((part) => typeof part === 'string')) return decoded
  } catch {
    // Not one of our tokens: refused below like any other that is not.
  }
  throw invalidInput('The continuation token is not valid.')
}

/** `items` sorted by `nameOf` in code-unit order. */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  request: { token: string | undefined; limit: number },
): Page<Item> {
  const after = request.token ? decodeToken(request.token)[0] : undefined
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after)
  const page = rest.slice(0, request.limit)
  const last = page.at(-1)
  return {
    items: page,
    nextToken: rest.length > page.length && last !== undefined ? encodeToken([nameOf(last)]) : undefined,
  }
}
