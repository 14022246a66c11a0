/**
 * What a script prints, in AWS's place: groups `/aws-glue/python-jobs/output` and `/aws-glue/python-jobs/error`, a stream
 * named like the run, a line an event. A script that prints faster than lines can be kept waits for them; of one that
 * prints without end the first `RUN_BYTES_MAX` are kept, and a line says so.
 */
import type { ScriptOutput } from './script-runner.ts'

export const LOG_GROUP = '/aws-glue/python-jobs'
export const RUN_BYTES_MAX = 16 * 1024 * 1024
/** So much is handed over before it must be kept; the log store itself holds 1 MiB. */
const UNKEPT_BYTES_MAX = 32 * 1024
/** As AWS counts an event. */
const EVENT_BYTES = 26

/** Where lines go. `append` never waits and never refuses; they are kept when `flush` resolves. */
export interface JobLog {
  append(group: string, stream: string, message: string): void
  flush(): Promise<void>
}

export interface RunOutput extends ScriptOutput {
  /** What lakelet itself says of the run. */
  say(text: string): void
  /** The line that says why the script ended, if its errors end in one: `KeyError: 'x'`. */
  readonly exception: string | undefined
  close(): Promise<void>
}

const TRACEBACK = 'Traceback (most recent call last):'
/** An error of syntax has no more before it than where it is. */
const FRAME = /^ {2}File ".*", line \d+/
/** `KeyError: 'x'`, `package.Problem`, not an indented line of the traceback. */
const EXCEPTION = /^[A-Za-z_][\w.]*(: .*)?$/

export function runOutput(log: JobLog, runId: string): RunOutput {
  let bytes = 0
  let unkept = 0
  let hasTraceback = false
  let exception: string | undefined
  return {
    async line(stream, text) {
      if (stream === 'error') {
        if (text === TRACEBACK || FRAME.test(text)) hasTraceback = true
        else if (hasTraceback && EXCEPTION.test(text)) exception = text
      }
      if (bytes > RUN_BYTES_MAX) return
      const size = Buffer.byteLength(text) + EVENT_BYTES
      bytes += size
      unkept += size
      const isLast = bytes > RUN_BYTES_MAX
      // An event has at least one character.
      log.append(`${LOG_GROUP}/${stream}`, runId, isLast ? TOO_MUCH : text || ' ')
      if (unkept < UNKEPT_BYTES_MAX) return
      unkept = 0
      await log.flush()
    },
    say: (text) => log.append(`${LOG_GROUP}/error`, runId, text),
    get exception() {
      return exception
    },
    close: () => log.flush(),
  }
}

const TOO_MUCH = `lakelet keeps the first ${RUN_BYTES_MAX / 1024 / 1024} MiB of what a run prints: what comes after this line is lost.`
