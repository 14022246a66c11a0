/** Every key that may sign: root's, those of users, and temporary ones; and who stands behind it. */
import type { Principal } from './access.ts'
import type { Identities } from './identities.ts'
import { rootArn, sessionArn } from './names.ts'
import type { Session, Sessions } from './sessions.ts'

export interface Credential {
  readonly secretAccessKey: string
  readonly session?: { readonly token: string; readonly expiresAtMs: number }
}

type Somebody = Exclude<Principal, { kind: 'anonymous' }>

export class Credentials {
  readonly #identities: Identities
  readonly #sessions: Sessions
  /** Of one state of the identities; emptied when they change. */
  readonly #principals = new Map<string, Somebody | undefined>()
  #seenChanges = -1

  constructor(identities: Identities, sessions: Sessions) {
    this.#identities = identities
    this.#sessions = sessions
  }

  /** undefined: no such key, or it is not active, or whoever it was made for is gone. */
  credentialOf(accessKeyId: string): Credential | undefined {
    const secretAccessKey = this.#identities.secretOf(accessKeyId)
    if (secretAccessKey !== undefined) return { secretAccessKey }
    const session = this.#sessions.find(accessKeyId)
    if (session === undefined || this.#known(accessKeyId) === undefined) return undefined
    const { holder, token, expiresAtMs } = session
    if (holder.kind === 'user' && this.#identities.secretOf(holder.accessKeyId) === undefined) return undefined
    return { secretAccessKey: session.secretAccessKey, session: { token, expiresAtMs } }
  }

  /** Root for keys nobody knows, which only an open lake lets in. */
  principalOf(accessKeyId: string): Somebody {
    return this.#known(accessKeyId) ?? this.#root
  }

  get #root(): Somebody {
    return { kind: 'root', arn: rootArn(this.#identities.accountId) }
  }

  #known(accessKeyId: string): Somebody | undefined {
    if (this.#identities.changes !== this.#seenChanges) {
      this.#principals.clear()
      this.#seenChanges = this.#identities.changes
    }
    if (this.#principals.has(accessKeyId)) return this.#principals.get(accessKeyId)
    const session = this.#sessions.find(accessKeyId)
    const principal = session === undefined ? this.#ofLongTermKey(accessKeyId) : this.#ofSession(session)
    // Of strange keys there is no end.
    if (principal !== undefined) this.#principals.set(accessKeyId, principal)
    return principal
  }

  #ofLongTermKey(accessKeyId: string): Somebody | undefined {
    const user = this.#identities.userOfKey(accessKeyId)
    if (user !== undefined) return this.#user(user.name)
    return this.#identities.secretOf(accessKeyId) === undefined ? undefined : this.#root
  }

  /** undefined when the role or user is gone, even if another one has its name now. */
  #ofSession({ holder, issuedAtMs }: Session): Somebody | undefined {
    const identities = this.#identities
    switch (holder.kind) {
      case 'root':
        return { ...this.#root, issuedAtMs, ...signedIn(holder) }
      case 'user': {
        const isThere = identities.findUser(holder.name)?.id === holder.id
        return isThere ? { ...this.#user(holder.name), issuedAtMs, ...signedIn(holder) } : undefined
      }
      case 'role': {
        const role = identities.findRole(holder.name)
        if (role?.id !== holder.id) return undefined
        return {
          kind: 'roleSession',
          arn: sessionArn(identities.accountId, role.name, holder.sessionName),
          roleArn: identities.arnOfPrincipal(role),
          roleName: role.name,
          id: `${role.id}:${holder.sessionName}`,
          sessionPolicies: holder.policies,
          issuedAtMs,
        }
      }
    }
  }

  #user(name: string): Extract<Somebody, { kind: 'user' }> {
    const user = this.#identities.userNamed(name)
    return { kind: 'user', arn: this.#identities.arnOfPrincipal(user), id: user.id, name: user.name }
  }
}

function signedIn({ isConsole }: { readonly isConsole?: true }): { readonly isConsole?: true } {
  return isConsole === true ? { isConsole } : {}
}
