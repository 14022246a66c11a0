/**
 * Temporary credentials: handed out, found again, forgotten. What `start` resolves is durable; all are held in memory
 * too, so that finding one costs no query. An expired session is remembered for a while, so that its owner hears that
 * it expired and not that it never was.
 */
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import type { MetadataDatabase } from '../platform/sqlite.ts'
import { newSessionKeyPair } from './names.ts'

/** Whose rights a session has. Ids, not names alone: a new user of the same name gets nothing of the old one. */
export type SessionHolder =
  | {
      readonly kind: 'role'
      readonly id: string
      readonly name: string
      readonly sessionName: string
      /** JSON texts. */
      readonly policies: readonly string[]
    }
  /** Ends with the key that asked for it. */
  | {
      readonly kind: 'user'
      readonly id: string
      readonly name: string
      readonly accessKeyId: string
      readonly isConsole?: true
    }
  /** `isConsole`: of somebody who signed in to the console, as which IAM may be called, unlike by GetSessionToken. */
  | { readonly kind: 'root'; readonly isConsole?: true }

export interface Session {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly token: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  readonly holder: SessionHolder
}

export interface SessionsParts {
  readonly database: MetadataDatabase
  readonly clock: Clock
  readonly ids: Ids
}

/** As long as AWS's are, about. */
const TOKEN_LENGTH = 320
const REMEMBERED_MS = 24 * 3600 * 1000

/** Its table is made by the migrations of `Identities`, which is opened first. */
export class Sessions {
  readonly #parts: SessionsParts
  readonly #byKey = new Map<string, Session>()

  constructor(parts: SessionsParts) {
    this.#parts = parts
    const rows = parts.database.prepare<{ entity: string }>('SELECT entity FROM identity_session').all()
    for (const { entity } of rows) this.#remember(JSON.parse(entity) as Session)
    this.#forgetExpired()
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId)
  }

  async start(holder: SessionHolder, seconds: number): Promise<Session> {
    const { database, clock, ids } = this.#parts
    const issuedAtMs = clock.nowMs()
    // Whole seconds: what is answered is what holds.
    const expiresAtMs = Math.floor(issuedAtMs / 1000 + seconds) * 1000
    const token = ids.alphanumeric(TOKEN_LENGTH)
    const session: Session = { ...newSessionKeyPair(ids), token, issuedAtMs, expiresAtMs, holder }
    this.#forgetExpired()
    await database.write(() => {
      const oldest = issuedAtMs - REMEMBERED_MS
      database.prepare('DELETE FROM identity_session WHERE expires_at_ms < ?').run(oldest)
      database
        .prepare('INSERT INTO identity_session VALUES (?, ?, ?)')
        .run(session.accessKeyId, expiresAtMs, JSON.stringify(session))
    })
    this.#remember(session)
    return session
  }

  #remember(session: Session): void {
    this.#byKey.set(session.accessKeyId, session)
  }

  #forgetExpired(): void {
    const oldest = this.#parts.clock.nowMs() - REMEMBERED_MS
    for (const [id, session] of this.#byKey) if (session.expiresAtMs < oldest) this.#byKey.delete(id)
  }
}
