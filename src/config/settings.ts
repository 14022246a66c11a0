/**
 * Settings: one frozen plain object, parsed once from flags > environment > lake settings file > defaults.
 * Nothing else reads the environment. Collaborators are never settings.
 */
export interface Settings {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Absolute path of the data directory. */
  readonly dataDirectory: string
  readonly auth: 'verify' | 'open'
  readonly region: string
  /** Twelve digits. */
  readonly accountId: string
  /** Absent: the lake's own file, `keys/master`. */
  readonly masterKey?: MasterKeySetting
  /** The key that a rotation goes to. Absent: the lake makes one, where the key is its own file. */
  readonly nextMasterKey?: MasterKeySetting
  /**
   * URLs of Lambda functions, by ARN or name, either with `:version` or `:alias` or without. Absent: none.
   * What a URL without a path stands for is said in `delivery/processing/lambda/function-address.ts`.
   */
  readonly lambda?: Readonly<Record<string, string>>
  /**
   * Whether Glue jobs run: programs of whoever may start them, on this machine. Absent: they do when the lake listens to
   * this machine alone.
   */
  readonly jobs?: 'on' | 'off'
  /** The Python that runs them. Absent: `python3` of the PATH. */
  readonly jobPython?: string
  /** Memory for queries together, in bytes. Absent: half of the machine's. */
  readonly queryMemoryBytes?: number
  /** Where programs are found, for those that the lake starts for others. */
  readonly path: string
}

export type MasterKeySetting =
  | { readonly kind: 'given'; readonly hex: string }
  /** A program and its arguments; what it prints is the key. */
  | { readonly kind: 'command'; readonly command: readonly string[] }

export const defaultSettings = {
  host: '127.0.0.1',
  port: 4566,
  dataDirectory: '.lakelet',
  auth: 'verify',
  region: 'us-east-1',
  accountId: '000000000000',
  path: '/usr/local/bin:/usr/bin:/bin',
} as const satisfies Settings
