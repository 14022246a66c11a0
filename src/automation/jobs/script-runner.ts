/** What runs scripts, as the jobs see it: `python/python-runner.ts`, or a fake with the same promises. */

export interface Script {
  readonly runId: string
  /** Its file's name, the last part of where it lies. */
  readonly name: string
  readonly body: Uint8Array
  readonly arguments: readonly string[]
  /** Modules, wheels, eggs, zips that it may import. */
  readonly libraries: readonly { readonly name: string; readonly body: Uint8Array }[]
  readonly keys: RoleKeys
}

/** Temporary keys of the job's role. */
export interface RoleKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly token: string
}

/** Called line after line; the script waits until it resolves, so that one that talks a lot is slowed down. */
export interface ScriptOutput {
  line(stream: 'output' | 'error', text: string): Promise<void>
}

export interface ScriptEnd {
  /** 0: it came to its end; 128 + n: signal n ended it. */
  readonly status: number
}

export interface RunningScript {
  /** When it and all that it started are gone, and its output has been told. */
  readonly ended: Promise<ScriptEnd>
  /** Asks it to end; one that does not is ended a while later. */
  stop(): void
}

export interface ScriptRunner {
  /** Rejects with a Refusal ('cannotRun') whose text says what to do, when the machine cannot run scripts. */
  start(script: Script, output: ScriptOutput): Promise<RunningScript>
}
