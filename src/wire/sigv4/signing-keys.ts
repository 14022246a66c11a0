/** Signing keys, derived once per access key, day, region and service: four HMACs saved on every request. */
import { createHmac } from 'node:crypto'

const CACHED_KEYS_MAX = 256

export class SigningKeys {
  readonly #cache = new Map<string, Buffer>()

  /** `date` is `yyyyMMdd`. */
  keyFor(secretAccessKey: string, date: string, region: string, service: string): Buffer {
    const id = `${secretAccessKey}\n${date}\n${region}\n${service}`
    const cached = this.#cache.get(id)
    if (cached !== undefined) return cached
    const key = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date))
    if (this.#cache.size >= CACHED_KEYS_MAX) this.#cache.clear()
    this.#cache.set(id, key)
    return key
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
