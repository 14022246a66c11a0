/** Which roles a stream may name, and act in. */
export interface RoleDirectory {
  roleExists(arn: string): boolean | Promise<boolean>
}
