/** Where a master key comes from when it is not the lake's own file: given outright, or printed by a program. */
import { Refusal } from '../platform/refusal.ts'
import { outputOf } from '../platform/spawn.ts'

export type MasterKeySource =
  | { readonly kind: 'given'; readonly hex: string }
  /** A program and its arguments; no shell reads them. */
  | { readonly kind: 'command'; readonly command: readonly string[] }

export async function readMasterKey(source: MasterKeySource): Promise<Buffer> {
  const key = parseMasterKey(source.kind === 'given' ? source.hex : await printed(source.command))
  if (key !== undefined) return key
  const where =
    source.kind === 'given' ? 'The master key in the environment' : `What ${source.command[0]} printed as master key`
  throw new Refusal('masterKeyUnusable', `${where} is not a key: it must be 64 hexadecimal digits (32 bytes).`)
}

/** undefined when the text holds no key. */
export function parseMasterKey(text: string): Buffer | undefined {
  const digits = text.trim().toLowerCase()
  return /^[0-9a-f]{64}$/.test(digits) ? Buffer.from(digits, 'hex') : undefined
}

async function printed(command: readonly string[]): Promise<string> {
  try {
    return await outputOf(command)
  } catch (cause) {
    throw new Refusal(
      'masterKeyUnusable',
      `The command for the master key failed: ${(cause as Error).message.split('\n')[0]}\nTry it in a shell: ${command.join(' ')}`,
      { cause },
    )
  }
}
