/** `docs/delivery.md` names the test behind each of its promises: a name that is gone is a promise without a proof. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const page = new URL('../../docs/delivery.md', import.meta.url)
const text = readFileSync(page, 'utf8')

test('every file that the page on delivery links to is there', () => {
  const links = [...text.matchAll(/\]\((\.\.[^)]+)\)/g)].map(([, link = '']) => fileURLToPath(new URL(link, page)))
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})

test('every test that the page on delivery names is in the file it names', () => {
  const proofs = [...text.matchAll(/\]\((\.\.[^)]+\.test\.ts)\): ("[^"]+"(?:,\s+"[^"]+")*)/g)]
  const missing = proofs.flatMap(([, link = '', names = '']) => {
    const source = readFileSync(new URL(link, page), 'utf8')
    return [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name).filter((name) => !source.includes(name))
  })
  expect(proofs.length).toBeGreaterThan(20)
  expect(missing).toEqual([])
})
