/** A job's role at work: temporary keys for the script, and the script itself, read with their rights. */
import type { JobRoles } from '../../../automation/jobs/jobs.ts'
import type { Principal } from '../../../identity/access.ts'
import type { SessionHolder, Sessions } from '../../../identity/sessions.ts'
import type { ObjectStore, ObjectVersion } from '../../../objects/object-store.ts'
import { isRefusal, Refusal } from '../../../platform/refusal.ts'
import type { Access, BucketPermissionsOf } from '../../access.ts'
import type { Caller } from '../../operation.ts'

/** Of a script or a library. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024

export interface JobRolesParts {
  readonly sessions: Pick<Sessions, 'start'>
  /** undefined: there is no such role. */
  findRole(role: string): { readonly id: string; readonly name: string } | undefined
  principalOf(accessKeyId: string): Principal
  readonly objects: Pick<ObjectStore, 'findBucket' | 'head' | 'read'>
  readonly access: Access
  readonly bucketPermissionsOf: BucketPermissionsOf
  /** In an open lake a role need not exist: its jobs may do what everybody may. */
  readonly isOpen: boolean
}

export function jobRoles(parts: JobRolesParts): JobRoles {
  const { sessions, objects, access, bucketPermissionsOf, isOpen } = parts
  return {
    async keysOf(name, sessionName, seconds) {
      const role = parts.findRole(name)
      if (role === undefined && !isOpen)
        throw new Refusal('cannotRun', `Role ${name} does not exist: make it, or give the job another one.`)
      const holder: SessionHolder =
        role === undefined
          ? { kind: 'root' }
          : { kind: 'role', id: role.id, name: role.name, sessionName, policies: [] }
      const { accessKeyId, secretAccessKey, token } = await sessions.start(holder, seconds)
      return { accessKeyId, secretAccessKey, token }
    },

    async read(location, { accessKeyId }) {
      const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? []
      const cannot = (why: string, cause?: unknown) =>
        new Refusal('cannotRun', `${location} cannot be read: ${why}`, cause === undefined ? {} : { cause })
      if (objects.findBucket(bucket) === undefined) throw cannot(`there is no bucket ${bucket}.`)
      const caller = callerOf(parts.principalOf(accessKeyId), accessKeyId)
      const version = await found(bucket, key)
      if (version.size > FILE_BYTES_MAX) throw cannot(`it is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB.`)
      for (const permission of bucketPermissionsOf(bucket, caller)?.read(version) ?? []) {
        const decision = access.judge(caller, permission)
        if (!decision.isAllowed) throw cannot(`the job's role is not allowed ${permission.action} on it.`)
      }
      const pieces: Uint8Array[] = []
      for await (const piece of objects.read(version)) pieces.push(piece)
      return Buffer.concat(pieces)

      async function found(bucketName: string, objectKey: string): Promise<ObjectVersion> {
        try {
          return await objects.head({ bucket: bucketName, key: objectKey })
        } catch (error) {
          if (!isRefusal(error)) throw error
          throw cannot('there is no such object.', error)
        }
      }
    },
  }
}

/** The lake asks for the role, on this machine. */
function callerOf(principal: Principal, accessKeyId: string): Caller {
  const arn = principal.kind === 'anonymous' ? 'anonymous' : principal.arn
  return { accessKeyId, arn, principal, requestId: 'job', sourceIp: '127.0.0.1' }
}
