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
}

export const defaultSettings = {
  host: '127.0.0.1',
  port: 4566,
  dataDirectory: '.lakelet',
  auth: 'verify',
  region: 'us-east-1',
  accountId: '000000000000',
} as const satisfies Settings
