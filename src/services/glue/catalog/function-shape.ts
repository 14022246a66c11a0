/** User-defined functions between the wire and the catalog. */
import type { UserDefinedFunction, UserDefinedFunctionInput } from '../../../catalog/types.ts'
import type {
  UserDefinedFunction as WireFunction,
  UserDefinedFunctionInput as WireFunctionInput,
} from '../../../wire/model/glue.ts'

/** `name` where the input has none. */
export function toFunctionInput(wire: WireFunctionInput, name: string): UserDefinedFunctionInput {
  return {
    name: wire.FunctionName ?? name,
    ...(wire.ClassName !== undefined && { className: wire.ClassName }),
    ...(wire.OwnerName !== undefined && { ownerName: wire.OwnerName }),
    ...(wire.OwnerType !== undefined && { ownerType: wire.OwnerType }),
    ...(wire.FunctionType !== undefined && { functionType: wire.FunctionType }),
    resources: (wire.ResourceUris ?? []).map(({ ResourceType, Uri }) => ({
      ...(ResourceType !== undefined && { type: ResourceType }),
      ...(Uri !== undefined && { uri: Uri }),
    })),
  }
}

export function fromFunction(found: UserDefinedFunction, accountId: string): WireFunction {
  return {
    FunctionName: found.name,
    DatabaseName: found.database,
    ClassName: found.className,
    OwnerName: found.ownerName,
    FunctionType: found.functionType,
    OwnerType: found.ownerType,
    CreateTime: new Date(found.createdAtMs),
    ResourceUris: found.resources.map(({ type, uri }) => ({ ResourceType: type, Uri: uri })),
    CatalogId: accountId,
  }
}
