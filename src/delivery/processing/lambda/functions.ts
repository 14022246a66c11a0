/**
 * The Lambda functions that this lake can reach: one of these for all streams.
 *
 * It holds the connections, which are kept alive between invocations, and the bounds that streams share. Requests go
 * unsigned: who answers at these addresses is the operator's choice, and AWS's own endpoints, which want a signature,
 * answer them 403.
 *
 * Memory: an invocation under way holds its event and its answer, 6 MiB each at most and about a third more than the
 * stream's buffer size as a rule. No more than `INVOCATIONS_AT_ONCE` are under way: 480 MiB if all are as large as can
 * be, 110 MiB with buffers of 1 MiB. Those that wait for their turn hold nothing. Reading an answer of 6 MiB keeps the
 * event loop for about 10 ms, one of 1 MiB for 2 ms.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Clock } from '../../../platform/clock.ts'
import { Turns } from '../../turns.ts'
import { connectionFailed, invocationTooLong, type LambdaFailure, noAddress } from './failure.ts'
import { type FunctionAddress, functionAddress, functionName } from './function-address.ts'
import { post, StaleConnection } from './post.ts'
import { type Reading, type Reply, readReply } from './reply.ts'

/** "Firehose supports a Lambda invocation time of up to 5 minutes": from the first byte sent to the last one received. */
export const INVOCATION_MS_MAX = 300_000
/** Under way at the same time in the whole lake: eight streams at their own bound. */
const INVOCATIONS_AT_ONCE = 40

export interface InvocationRequest {
  /** Written when the turn has come, so that nothing is held while waiting. */
  readonly event: () => Buffer
  readonly signal: AbortSignal
}

export class LambdaFunctions {
  readonly #urls: Readonly<Record<string, string>>
  readonly #clock: Clock
  readonly #turns = new Turns(INVOCATIONS_AT_ONCE)
  /** By URL: those that take one invocation at a time, whoever asks. */
  readonly #serial = new Map<string, Turns>()
  readonly #agent = new HttpAgent({ keepAlive: true })
  readonly #secureAgent = new HttpsAgent({ keepAlive: true })

  /** `urls`: the setting, by name or ARN. */
  constructor(urls: Readonly<Record<string, string>>, clock: Clock) {
    this.#urls = urls
    this.#clock = clock
  }

  /** The address, or why there is none. */
  addressOf(functionArn: string): FunctionAddress | LambdaFailure {
    return functionAddress(functionArn, this.#urls) ?? noAddress(functionArn, functionName(functionArn).name)
  }

  /** Invokes once. Rejects with the signal's reason when it aborts, at once; whatever else goes wrong is a reading. */
  invoke(address: FunctionAddress, { event, signal }: InvocationRequest): Promise<Reading> {
    const attempt = () => this.#turns.take(() => this.#attempt(address.url, event(), signal), signal)
    return address.isSerial ? this.#turnsOf(address.url).take(attempt, signal) : attempt()
  }

  close(): void {
    this.#agent.destroy()
    this.#secureAgent.destroy()
  }

  #turnsOf({ href }: URL): Turns {
    const turns = this.#serial.get(href) ?? new Turns(1)
    this.#serial.set(href, turns)
    return turns
  }

  async #attempt(url: URL, event: Buffer, signal: AbortSignal): Promise<Reading> {
    const limit = new AbortController()
    const stop = () => limit.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const timer = this.#clock.after(INVOCATION_MS_MAX, () => limit.abort(invocationTooLong))
    try {
      return readReply(await this.#reply(url, event, limit.signal))
    } catch (error) {
      signal.throwIfAborted()
      const why = limit.signal.aborted ? invocationTooLong : connectionFailed(url, error as Error)
      return { kind: 'failure', failure: why, detail: '' }
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', stop)
    }
  }

  /** A kept connection that the server lets go of just then says nothing of the function: a fresh one is tried at once. */
  async #reply(url: URL, event: Buffer, signal: AbortSignal): Promise<Reply> {
    const agent = url.protocol === 'https:' ? this.#secureAgent : this.#agent
    try {
      return await post({ url, event, signal, agent })
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error
      return post({ url, event, signal, agent: false })
    }
  }
}
