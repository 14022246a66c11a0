/** What every AWS client of the console is made with: the page's own address, the tab's keys. */
import { storedSession } from '../session.ts'

export class SignedOut extends Error {
  constructor() {
    super('Nobody has signed in in this tab.')
    this.name = 'SignedOut'
  }
}

export function clientConfig() {
  const session = storedSession()
  if (session === undefined) throw new SignedOut()
  const { accessKeyId, secretAccessKey, sessionToken, region } = session
  return {
    region,
    endpoint: location.origin,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    maxAttempts: 3,
    // Its cache would ask for parts of what it has, by other headers than those that were signed.
    requestHandler: { cache: 'no-store' as const },
  }
}

const made = new Map<string, unknown>()

/** One client of a kind for as long as the session lasts. */
export function client<Client>(name: string, make: (config: ReturnType<typeof clientConfig>) => Client): Client {
  const found = made.get(name)
  if (found !== undefined) return found as Client
  const fresh = make(clientConfig())
  made.set(name, fresh)
  return fresh
}

/** After signing in or out: the next call makes clients with the new keys. */
export function forgetClients(): void {
  made.clear()
}

/** All pages of a list, up to `max` items. */
export async function collect<Page, Item>(
  read: (token: string | undefined) => Promise<Page>,
  pick: (page: Page) => { readonly items: readonly Item[] | undefined; readonly next: string | undefined },
  max = 10_000,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let token: string | undefined
  do {
    const { items: found, next } = pick(await read(token))
    items.push(...(found ?? []))
    token = next === '' ? undefined : next
  } while (token !== undefined && items.length < max)
  return items
}
