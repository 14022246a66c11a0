/**
 * Answers of work that takes long: one JSON object a line, as it happens. The last line says `done`, or `failed` and
 * why; a body without either was cut.
 */
import { isRefusal } from '../../platform/refusal.ts'
import type { WireResponse } from '../../wire/http.ts'

/** What fails before the first event is thrown, so that it can be answered with a status of its own. */
export async function eventStream(events: AsyncGenerator<object, void>): Promise<WireResponse> {
  const first = await events.next()
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: linesOf(first, events) }
}

async function* linesOf(
  first: IteratorResult<object, void>,
  events: AsyncGenerator<object, void>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let step = first; !step.done; step = await events.next()) yield line(step.value)
  } catch (error) {
    const code = isRefusal(error) ? error.code : 'internalFailure'
    yield line({ event: 'failed', code, error: error instanceof Error ? error.message : String(error) })
  } finally {
    await events.return()
  }
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
