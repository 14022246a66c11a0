/**
 * Links that open the console without keys being typed. A link holds a token that is good once; whoever shows it gets
 * temporary credentials with the rights of whoever asked for the link. Tokens live in memory: they end with the process.
 */
import type { Session, SessionHolder } from '../../identity/sessions.ts'
import type { Caller } from '../operation.ts'

export const SESSION_SECONDS = 12 * 3600
const TOKEN_LENGTH = 43
/** Older ones are forgotten. */
const LINKS_MAX = 100

export interface ConsoleLinksParts {
  readonly startSession: (holder: SessionHolder, seconds: number) => Promise<Session>
  readonly newToken: (length: number) => string
}

export class ConsoleLinks {
  readonly #parts: ConsoleLinksParts
  readonly #holders = new Map<string, SessionHolder>()

  constructor(parts: ConsoleLinksParts) {
    this.#parts = parts
  }

  /** The token of a new link; undefined: those who have temporary credentials themselves get none. */
  issue({ principal, accessKeyId }: Caller): string | undefined {
    const holder = holderOf(principal, accessKeyId)
    if (holder === undefined) return undefined
    const token = this.#parts.newToken(TOKEN_LENGTH)
    this.#holders.set(token, holder)
    for (const oldest of this.#holders.keys()) {
      if (this.#holders.size <= LINKS_MAX) break
      this.#holders.delete(oldest)
    }
    return token
  }

  /** undefined: no such token, or it was used. */
  async redeem(token: string): Promise<Session | undefined> {
    const holder = this.#holders.get(token)
    if (holder === undefined) return undefined
    this.#holders.delete(token)
    return this.#parts.startSession(holder, SESSION_SECONDS)
  }
}

function holderOf(principal: Caller['principal'], accessKeyId: string): SessionHolder | undefined {
  if (principal.kind === 'root' && principal.issuedAtMs === undefined) return { kind: 'root', isConsole: true }
  if (principal.kind !== 'user' || principal.issuedAtMs !== undefined) return undefined
  return { kind: 'user', id: principal.id, name: principal.name, accessKeyId, isConsole: true }
}
