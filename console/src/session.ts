/**
 * Whose keys sign the console's calls. They are kept for the tab alone (sessionStorage): another tab signs in by itself,
 * and closing this one forgets them.
 */
export interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
  /** Of temporary keys. */
  readonly expiresAtMs?: number
}

export interface LakeSettings {
  readonly auth: 'verify' | 'open'
  readonly region: string
  readonly version: string
}

const KEY = 'lakelet.session'

export function storedSession(): Session | undefined {
  const text = sessionStorage.getItem(KEY)
  if (text === null) return undefined
  const session = JSON.parse(text) as Session
  return session.expiresAtMs !== undefined && session.expiresAtMs < Date.now() ? undefined : session
}

export function storeSession(session: Session | undefined): void {
  if (session === undefined) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, JSON.stringify(session))
}

/** What must be known before anybody has signed in. */
export async function lakeSettings(): Promise<LakeSettings> {
  const answer = await fetch('/_lakelet/console-settings')
  if (!answer.ok) throw new Error(`The lake answers ${answer.status} to this page.`)
  return (await answer.json()) as LakeSettings
}

/** Temporary keys for the token of a link. Throws an Error in the lake's words: links are good once. */
export async function redeemLink(token: string, region: string): Promise<Session> {
  const answer = await fetch('/_lakelet/console-session', { method: 'POST', headers: { 'x-lakelet-token': token } })
  const body = (await answer.json()) as { error?: string } & Omit<Session, 'region'>
  if (!answer.ok) throw new Error(body.error ?? `The lake answers ${answer.status}.`)
  return { ...body, region }
}
