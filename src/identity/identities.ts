/**
 * Users, roles, policies and access keys, kept in the metadata database.
 *
 * - Policies are stored as given; `LakeAccess` judges by them.
 * - Policies of AWS's own (`arn:aws:iam::aws:policy/…`) are there to attach and read: `aws-managed-policies.ts`.
 * - What a method resolves is durable. Keys are held in memory too, so that finding a secret costs no query.
 */
import type { Clock } from '../platform/clock.ts'
import type { Ids } from '../platform/ids.ts'
import { Refusal } from '../platform/refusal.ts'
import type { MetadataDatabase, Statement } from '../platform/sqlite.ts'
import { awsManagedPolicies } from './aws-managed-policies.ts'
import { entityArn, isAwsManaged, newAccessKeyPair, newId, roleNameOf } from './names.ts'
import { iamText } from './policy/iam-texts.ts'
import { type Policy, PolicyError, type PolicyKind, parsePolicy } from './policy/index.ts'
import type { RootKey } from './root-key.ts'
import { identityMigrations } from './schema.ts'
import type { AccessKey, IdentityRefusal, ManagedPolicy, PrincipalKind, Role, Tag, User } from './types.ts'

export const POLICY_VERSIONS_MAX = 5
export const ACCESS_KEYS_PER_USER_MAX = 2
export const TAGS_MAX = 50

export interface IdentityParts {
  readonly database: MetadataDatabase
  readonly clock: Clock
  readonly ids: Ids
  readonly accountId: string
  readonly rootKey: RootKey
}

/** What the maker of a principal gives; the rest is assigned. */
export type NewRole = Omit<Role, 'kind' | 'id' | 'createdAtMs'>
export type NewUser = Omit<User, 'kind' | 'id' | 'createdAtMs'>

/** What is written for one user or role. */
export interface HeldPolicies {
  /** Inline and attached, JSON texts. */
  readonly documents: readonly string[]
  /** '' when one is named that is not there, which allows nothing. */
  readonly boundary?: string
  readonly tags: readonly Tag[]
}

interface EntityRow {
  readonly entity: string
}

const TITLES = { role: 'Role', user: 'User' } as const

export class Identities {
  readonly #parts: IdentityParts
  readonly #keys = new Map<string, AccessKey>()
  readonly #sql: ReturnType<typeof prepareAll>
  #changes = 0

  constructor(parts: IdentityParts) {
    this.#parts = parts
    parts.database.migrate('identity', identityMigrations)
    this.#sql = prepareAll(parts.database)
    this.#readKeys()
  }

  // ---- keys and callers

  get accountId(): string {
    return this.#parts.accountId
  }

  /** The secret of an active key; undefined when there is none. */
  secretOf(accessKeyId: string): string | undefined {
    const { rootKey } = this.#parts
    if (accessKeyId === rootKey.accessKeyId) return rootKey.secretAccessKey
    const key = this.#keys.get(accessKeyId)
    return key?.status === 'Active' ? key.secretAccessKey : undefined
  }

  /** Grows with every change to users, roles, policies and attachments: what was read before it may be stale. */
  get changes(): number {
    return this.#changes
  }

  /** Every document that speaks for the holder, and its limits. Of somebody who is gone: none. */
  policiesOf(kind: PrincipalKind, name: string): HeldPolicies {
    const principal = kind === 'user' ? this.findUser(name) : this.findRole(name)
    if (principal === undefined) return { documents: [], tags: [] }
    const inline = this.#sql.inlineDocuments.all(kind, name).map(({ document }) => document)
    const attached = this.#sql.attachments.all(kind, name).map((row) => this.#defaultDocument(row.policy_arn))
    const { boundaryArn, tags } = principal
    return {
      documents: [...inline, ...attached.filter((document) => document !== undefined)],
      ...(boundaryArn !== undefined && { boundary: this.#defaultDocument(boundaryArn) ?? '' }),
      tags,
    }
  }

  #defaultDocument(arn: string): string | undefined {
    const policy = this.findPolicy(arn)
    return policy?.versions.find((version) => version.id === policy.defaultVersionId)?.document
  }

  /** As `database.write`, for whatever decisions depend on. */
  async #change<Result>(change: () => Result): Promise<Result> {
    const result = await this.#parts.database.write(change)
    this.#changes++
    return result
  }

  /** undefined: the key is root's, or unknown. */
  userOfKey(accessKeyId: string): User | undefined {
    const userName = this.#keys.get(accessKeyId)?.userName
    return userName === undefined ? undefined : this.findUser(userName)
  }

  arnOfPrincipal(principal: Role | User): string {
    return entityArn(this.accountId, principal.kind, principal.path, principal.name)
  }

  /** undefined: no role has exactly this arn. */
  findRoleByArn(arn: string): Role | undefined {
    const name = roleNameOf(arn, this.accountId)
    const role = name === undefined ? undefined : this.findRole(name)
    return role !== undefined && this.arnOfPrincipal(role) === arn ? role : undefined
  }

  /** Whether a role with this arn, or this bare name, can be named by a stream or crawler. */
  roleExists(arnOrName: string): boolean {
    if (arnOrName.startsWith('arn:')) return this.findRoleByArn(arnOrName) !== undefined
    return this.findRole(arnOrName.split('/').at(-1) ?? '') !== undefined
  }

  /** Whether a policy may name it. Of other accounts nothing is known; they have nobody who could ask. */
  principalExists(arn: string): boolean {
    const [, kind, name = ''] = /^arn:aws:(?:iam|sts)::(?:\d{12}):(user|role|assumed-role)\/(.+)$/.exec(arn) ?? []
    if (kind === undefined || !arn.includes(`::${this.accountId}:`)) return true
    if (kind === 'assumed-role') return this.findRole(name.split('/')[0] ?? '') !== undefined
    const lastName = name.slice(name.lastIndexOf('/') + 1)
    const found = kind === 'user' ? this.findUser(lastName) : this.findRole(lastName)
    return found !== undefined && this.arnOfPrincipal(found) === arn
  }

  async createAccessKey(userName: string): Promise<AccessKey> {
    const { database, clock, ids } = this.#parts
    const key = await database.write(() => {
      this.userNamed(userName)
      if (this.#sql.keysOfUser.all(userName).length >= ACCESS_KEYS_PER_USER_MAX) {
        throw refusal('limitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${ACCESS_KEYS_PER_USER_MAX}`)
      }
      const made: AccessKey = {
        ...newAccessKeyPair(ids),
        userName,
        status: 'Active',
        createdAtMs: clock.nowMs(),
      }
      this.#sql.putKey.run(made.accessKeyId, userName, JSON.stringify(made))
      return made
    })
    this.#keys.set(key.accessKeyId, key)
    return key
  }

  accessKeysOf(userName: string): readonly AccessKey[] {
    this.userNamed(userName)
    return this.#sql.keysOfUser.all(userName).map(entityOf<AccessKey>)
  }

  /** undefined: no key with this id. */
  findAccessKey(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId)
  }

  async setAccessKeyStatus(userName: string, accessKeyId: string, status: AccessKey['status']): Promise<void> {
    const key = await this.#parts.database.write(() => {
      const changed = { ...this.#keyNamed(userName, accessKeyId), status }
      this.#sql.putKey.run(accessKeyId, userName, JSON.stringify(changed))
      return changed
    })
    this.#keys.set(accessKeyId, key)
  }

  async deleteAccessKey(userName: string, accessKeyId: string): Promise<void> {
    await this.#parts.database.write(() => {
      this.#keyNamed(userName, accessKeyId)
      this.#sql.deleteKey.run(accessKeyId)
    })
    this.#keys.delete(accessKeyId)
  }

  #keyNamed(userName: string, accessKeyId: string): AccessKey {
    const key = this.#sql.keysOfUser
      .all(userName)
      .map(entityOf<AccessKey>)
      .find((candidate) => candidate.accessKeyId === accessKeyId)
    if (key === undefined) {
      throw refusal('noSuchEntity', `The Access Key with id ${accessKeyId} cannot be found.`)
    }
    return key
  }

  #readKeys(): void {
    this.#keys.clear()
    for (const row of this.#sql.allKeys.all()) {
      const key = entityOf<AccessKey>(row)
      this.#keys.set(key.accessKeyId, key)
    }
  }

  // ---- users and roles

  findRole(name: string): Role | undefined {
    const row = this.#sql.principal.get('role', name)
    return row === undefined ? undefined : entityOf<Role>(row)
  }

  findUser(name: string): User | undefined {
    const row = this.#sql.principal.get('user', name)
    return row === undefined ? undefined : entityOf<User>(row)
  }

  roleNamed(name: string): Role {
    return this.findRole(name) ?? noPrincipal('role', name)
  }

  userNamed(name: string): User {
    return this.findUser(name) ?? noPrincipal('user', name)
  }

  /** By name. */
  roles(pathPrefix = '/'): readonly Role[] {
    const roles = this.#sql.principals.all('role').map(entityOf<Role>)
    return roles.filter((role) => role.path.startsWith(pathPrefix))
  }

  users(pathPrefix = '/'): readonly User[] {
    const users = this.#sql.principals.all('user').map(entityOf<User>)
    return users.filter((user) => user.path.startsWith(pathPrefix))
  }

  createRole(role: NewRole): Promise<Role> {
    checkPolicy(role.trustPolicy, 'trust')
    this.#checkBoundary(role)
    return this.#createPrincipal('role', role)
  }

  createUser(user: NewUser): Promise<User> {
    this.#checkBoundary(user)
    return this.#createPrincipal('user', user)
  }

  changeRole(name: string, change: (role: Role) => Role): Promise<Role> {
    return this.#change(() => {
      const changed = change(this.roleNamed(name))
      checkPolicy(changed.trustPolicy, 'trust')
      this.#checkBoundary(changed)
      checkTags(changed.tags)
      this.#sql.changePrincipal.run(JSON.stringify(changed), 'role', name)
      return changed
    })
  }

  changeUser(name: string, change: (user: User) => User): Promise<User> {
    return this.#change(() => {
      const changed = change(this.userNamed(name))
      this.#checkBoundary(changed)
      checkTags(changed.tags)
      this.#sql.changePrincipal.run(JSON.stringify(changed), 'user', name)
      return changed
    })
  }

  deletePrincipal(kind: PrincipalKind, name: string): Promise<void> {
    return this.#change(() => {
      this.#checkPrincipal(kind, name)
      if (this.#sql.attachments.all(kind, name).length > 0) {
        throw refusal('deleteConflict', 'Cannot delete entity, must detach all policies first.')
      }
      if (this.#sql.inlinePolicies.all(kind, name).length > 0) {
        throw refusal('deleteConflict', 'Cannot delete entity, must delete policies first.')
      }
      if (kind === 'user' && this.#sql.keysOfUser.all(name).length > 0) {
        throw refusal('deleteConflict', 'Cannot delete entity, must delete access keys first.')
      }
      this.#sql.deletePrincipal.run(kind, name)
    })
  }

  #createPrincipal<Kind extends PrincipalKind, New extends NewRole | NewUser>(kind: Kind, made: New) {
    const { clock, ids } = this.#parts
    checkTags(made.tags)
    return this.#change(() => {
      const foldedName = made.name.toLowerCase()
      if (this.#sql.principalByFoldedName.get(kind, foldedName) !== undefined) {
        throw refusal('entityExists', `${TITLES[kind]} with name ${made.name} already exists.`)
      }
      const entity = { ...made, kind, id: newId(kind, ids), createdAtMs: clock.nowMs() }
      this.#sql.createPrincipal.run(kind, made.name, foldedName, JSON.stringify(entity))
      return entity
    })
  }

  #checkBoundary({ boundaryArn }: { readonly boundaryArn?: string }): void {
    if (boundaryArn !== undefined && this.findPolicy(boundaryArn) === undefined) throw notAttachable(boundaryArn)
  }

  #checkPrincipal(kind: PrincipalKind, name: string): void {
    if (this.#sql.principal.get(kind, name) === undefined) noPrincipal(kind, name)
  }

  // ---- inline policies

  putInlinePolicy(kind: PrincipalKind, principal: string, name: string, document: string): Promise<void> {
    checkPolicy(document, 'identity')
    return this.#change(() => {
      this.#checkPrincipal(kind, principal)
      this.#sql.putInlinePolicy.run(kind, principal, name, document)
    })
  }

  inlinePolicyNamed(kind: PrincipalKind, principal: string, name: string): string {
    this.#checkPrincipal(kind, principal)
    const row = this.#sql.inlinePolicy.get(kind, principal, name)
    if (row === undefined) throw refusal('noSuchEntity', `The ${kind} policy with name ${name} cannot be found.`)
    return row.document
  }

  /** By name. */
  inlinePolicyNames(kind: PrincipalKind, principal: string): readonly string[] {
    this.#checkPrincipal(kind, principal)
    return this.#sql.inlinePolicies.all(kind, principal).map(({ name }) => name)
  }

  deleteInlinePolicy(kind: PrincipalKind, principal: string, name: string): Promise<void> {
    return this.#change(() => {
      this.#checkPrincipal(kind, principal)
      const { changes } = this.#sql.deleteInlinePolicy.run(kind, principal, name)
      if (changes === 0) throw refusal('noSuchEntity', `The ${kind} policy with name ${name} cannot be found.`)
    })
  }

  // ---- managed policies

  findPolicy(arn: string): ManagedPolicy | undefined {
    const row = this.#sql.policy.get(arn)
    return row === undefined ? awsManagedPolicies.get(arn) : entityOf<ManagedPolicy>(row)
  }

  policyNamed(arn: string): ManagedPolicy {
    const policy = this.findPolicy(arn)
    if (policy === undefined) throw refusal('noSuchEntity', `Policy ${arn} was not found.`)
    return policy
  }

  /** Of the lake, of AWS, or both; by name. */
  policies(pathPrefix = '/', scope: 'own' | 'aws' | 'all' = 'own'): readonly ManagedPolicy[] {
    const own = scope === 'aws' ? [] : this.#sql.policies.all().map(entityOf<ManagedPolicy>)
    const policies = scope === 'own' ? own : [...own, ...awsManagedPolicies.values()]
    return policies.filter((policy) => policy.path.startsWith(pathPrefix))
  }

  /** Refuses malformedPolicy. */
  checkIdentityPolicy(document: string): void {
    checkPolicy(document, 'identity')
  }

  /** Of the version that counts. Refuses noSuchEntity. */
  defaultDocumentOf(arn: string): string {
    const document = this.#defaultDocument(arn)
    if (document === undefined) throw notAttachable(arn)
    return document
  }

  createPolicy(made: {
    name: string
    path: string
    description?: string
    document: string
    tags: readonly Tag[]
  }): Promise<ManagedPolicy> {
    const { clock, ids } = this.#parts
    const { document, ...described } = made
    checkPolicy(document, 'identity')
    checkTags(made.tags)
    return this.#change(() => {
      const foldedName = made.name.toLowerCase()
      if (this.#sql.policyByFoldedName.get(foldedName) !== undefined) {
        throw refusal('entityExists', `A policy called ${made.name} already exists. Duplicate names are not allowed.`)
      }
      const nowMs = clock.nowMs()
      const policy: ManagedPolicy = {
        ...described,
        id: newId('policy', ids),
        arn: entityArn(this.accountId, 'policy', made.path, made.name),
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        versions: [{ id: 'v1', document, createdAtMs: nowMs }],
        defaultVersionId: 'v1',
        lastVersionNumber: 1,
      }
      this.#sql.putPolicy.run(policy.arn, foldedName, JSON.stringify(policy))
      return policy
    })
  }

  changePolicy(arn: string, change: (policy: ManagedPolicy, nowMs: number) => ManagedPolicy): Promise<ManagedPolicy> {
    return this.#change(() => {
      const changed = change(this.#ownPolicy(arn), this.#parts.clock.nowMs())
      checkPolicy(changed.versions.at(-1)?.document ?? '', 'identity')
      checkTags(changed.tags)
      this.#sql.putPolicy.run(arn, changed.name.toLowerCase(), JSON.stringify(changed))
      return changed
    })
  }

  deletePolicy(arn: string): Promise<void> {
    return this.#change(() => {
      const policy = this.#ownPolicy(arn)
      if (this.#sql.attachedTo.all(arn).length > 0) {
        throw refusal('deleteConflict', 'Cannot delete a policy attached to entities.')
      }
      if (policy.versions.length > 1) {
        throw refusal(
          'deleteConflict',
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        )
      }
      this.#sql.deletePolicy.run(arn)
    })
  }

  /** One that may be changed. */
  #ownPolicy(arn: string): ManagedPolicy {
    if (isAwsManaged(arn)) throw refusal('notYours', `Policy ${arn} is AWS's own and cannot be changed.`)
    return this.policyNamed(arn)
  }

  // ---- attachments

  attach(kind: PrincipalKind, principal: string, policyArn: string): Promise<void> {
    return this.#change(() => {
      this.#checkPrincipal(kind, principal)
      if (this.findPolicy(policyArn) === undefined) throw notAttachable(policyArn)
      this.#sql.attach.run(kind, principal, policyArn)
    })
  }

  detach(kind: PrincipalKind, principal: string, policyArn: string): Promise<void> {
    return this.#change(() => {
      this.#checkPrincipal(kind, principal)
      const { changes } = this.#sql.detach.run(kind, principal, policyArn)
      if (changes === 0) throw refusal('noSuchEntity', `Policy ${policyArn} was not found.`)
    })
  }

  /** Arns. */
  attachedPolicies(kind: PrincipalKind, principal: string): readonly string[] {
    this.#checkPrincipal(kind, principal)
    return this.#sql.attachments.all(kind, principal).map((row) => row.policy_arn)
  }

  attachedTo(policyArn: string): readonly { readonly kind: PrincipalKind; readonly principal: string }[] {
    return this.#sql.attachedTo.all(policyArn)
  }

  /** Forgets everybody but root. */
  async clear(): Promise<void> {
    const { database } = this.#parts
    await this.#change(() => {
      for (const table of ['session', 'attachment', 'inline_policy', 'managed_policy', 'access_key', 'principal']) {
        database.prepare(`DELETE FROM identity_${table}`).run()
      }
    })
    this.#keys.clear()
  }
}

function prepareAll(database: MetadataDatabase) {
  const entities = (sql: string): Statement<EntityRow> => database.prepare<EntityRow>(sql)
  const change = (sql: string) => database.prepare(sql)
  return {
    principal: entities('SELECT entity FROM identity_principal WHERE kind = ? AND name = ?'),
    principalByFoldedName: entities('SELECT entity FROM identity_principal WHERE kind = ? AND folded_name = ?'),
    principals: entities('SELECT entity FROM identity_principal WHERE kind = ? ORDER BY folded_name'),
    createPrincipal: change('INSERT INTO identity_principal VALUES (?, ?, ?, ?)'),
    changePrincipal: change('UPDATE identity_principal SET entity = ? WHERE kind = ? AND name = ?'),
    deletePrincipal: change('DELETE FROM identity_principal WHERE kind = ? AND name = ?'),
    inlinePolicy: database.prepare<{ document: string }>(
      'SELECT document FROM identity_inline_policy WHERE kind = ? AND principal = ? AND name = ?',
    ),
    inlinePolicies: database.prepare<{ name: string }>(
      'SELECT name FROM identity_inline_policy WHERE kind = ? AND principal = ? ORDER BY name',
    ),
    inlineDocuments: database.prepare<{ document: string }>(
      'SELECT document FROM identity_inline_policy WHERE kind = ? AND principal = ? ORDER BY name',
    ),
    putInlinePolicy: change('INSERT OR REPLACE INTO identity_inline_policy VALUES (?, ?, ?, ?)'),
    deleteInlinePolicy: change('DELETE FROM identity_inline_policy WHERE kind = ? AND principal = ? AND name = ?'),
    policy: entities('SELECT entity FROM identity_managed_policy WHERE arn = ?'),
    policyByFoldedName: entities('SELECT entity FROM identity_managed_policy WHERE folded_name = ?'),
    policies: entities('SELECT entity FROM identity_managed_policy ORDER BY folded_name'),
    putPolicy: change('INSERT OR REPLACE INTO identity_managed_policy VALUES (?, ?, ?)'),
    deletePolicy: change('DELETE FROM identity_managed_policy WHERE arn = ?'),
    attach: change('INSERT OR IGNORE INTO identity_attachment VALUES (?, ?, ?)'),
    detach: change('DELETE FROM identity_attachment WHERE kind = ? AND principal = ? AND policy_arn = ?'),
    attachments: database.prepare<{ policy_arn: string }>(
      'SELECT policy_arn FROM identity_attachment WHERE kind = ? AND principal = ? ORDER BY policy_arn',
    ),
    attachedTo: database.prepare<{ kind: PrincipalKind; principal: string }>(
      'SELECT kind, principal FROM identity_attachment WHERE policy_arn = ? ORDER BY kind, principal',
    ),
    allKeys: entities('SELECT entity FROM identity_access_key'),
    keysOfUser: entities('SELECT entity FROM identity_access_key WHERE user_name = ? ORDER BY access_key_id'),
    putKey: change('INSERT OR REPLACE INTO identity_access_key VALUES (?, ?, ?)'),
    deleteKey: change('DELETE FROM identity_access_key WHERE access_key_id = ?'),
  }
}

function entityOf<Entity>(row: EntityRow): Entity {
  return JSON.parse(row.entity) as Entity
}

function noPrincipal(kind: PrincipalKind, name: string): never {
  throw refusal('noSuchEntity', `The ${kind} with name ${name} cannot be found.`)
}

function checkPolicy(document: string, kind: PolicyKind): void {
  try {
    const policy = parsePolicy(document, kind)
    const key = unknowableKey(policy)
    if (key !== undefined) throw refusal('malformedPolicy', `lakelet does not offer the condition key ${key}.`)
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw refusal('malformedPolicy', iamText(cause.problem, kind), cause)
  }
}

/** A key of which the lake never has a value: a deny that asks for it would deny nothing, and nobody would notice. */
function unknowableKey({ statements }: Policy): string | undefined {
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => key))
  return keys.find((key) => key.startsWith('aws:resourcetag/'))
}

/** A policy that the lake does not hold would grant nothing. */
function notAttachable(arn: string): Refusal<IdentityRefusal> {
  const known = isAwsManaged(arn) ? ' lakelet holds those AWS managed policies that a lake uses: see ListPolicies.' : ''
  return refusal('noSuchEntity', `Policy ${arn} does not exist or is not attachable.${known}`)
}

function checkTags(tags: readonly Tag[]): void {
  if (tags.length > TAGS_MAX) throw refusal('limitExceeded', `Cannot exceed quota for TagsPerEntity: ${TAGS_MAX}`)
}

function refusal(code: IdentityRefusal, message: string, cause?: unknown): Refusal<IdentityRefusal> {
  return new Refusal(code, message, { cause })
}
