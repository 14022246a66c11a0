/**
 * A caller's reach into the lake's data, as the query stage asks for it: Glue's rights on what the catalog has, S3's on
 * objects. Athena acts with its caller's rights, which policies may see (`aws:CalledVia`).
 */
import type { DataAccess, Denial } from '../../query/data-access.ts'
import { openAccess, type Permission, refusalText } from '../access.ts'
import { onCatalog, onDatabase, onTable } from '../catalog-permissions.ts'
import type { Caller } from '../operation.ts'
import { type AthenaContext, workgroupArn } from './context.ts'

/** undefined: nothing is asked in an open lake. */
export function dataAccess(
  caller: Caller,
  { access, settings, bucketPermissionsOf }: Pick<AthenaContext, 'access' | 'settings' | 'bucketPermissionsOf'>,
): DataAccess | undefined {
  if (access === openAccess) return undefined
  const account = { region: settings.region, accountId: settings.accountId }
  const isRoot = caller.principal.kind === 'root'
  return {
    // Neither the catalog nor workgroups have a policy of their own, which alone could stop root.
    preparedStatements: isRoot
      ? undefined
      : (action, name) => denial([{ action: `athena:${action}`, resource: workgroupArn(name, { settings }) }]),
    catalog: isRoot
      ? undefined
      : {
          onCatalog: (action) => denial(onCatalog(action, account).map(viaAthena)),
          onDatabase: (action, database) => denial(onDatabase(action, database, account).map(viaAthena)),
          onTable: (action, database, table) => denial(onTable(action, database, table, account).map(viaAthena)),
        },
    bucket(name) {
      const needed = bucketPermissionsOf(name, caller)
      return (
        needed && {
          list: (prefix) => denial([viaAthena(needed.list(prefix))]),
          read: (version) => denial(needed.read(version).map(viaAthena)),
          write: (key, encryption) => denial(needed.write(key, encryption).map(viaAthena)),
        }
      )
    },
  }

  function denial(permissions: readonly Permission[]): Denial {
    for (const permission of permissions) {
      const decision = access.judge(caller, permission)
      if (!decision.isAllowed) return refusalText(caller, permission, decision.because)
    }
    return undefined
  }
}

export function viaAthena(permission: Permission): Permission {
  return { ...permission, facts: { ...permission.facts, ...VIA_ATHENA } }
}

const VIA_ATHENA = {
  'aws:viaawsservice': ['true'],
  'aws:calledvia': ['athena.amazonaws.com'],
  'aws:calledviafirst': ['athena.amazonaws.com'],
  'aws:calledvialast': ['athena.amazonaws.com'],
} as const
