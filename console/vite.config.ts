/** Builds the console into the lakelet package: hashed files, pages split, text kept as gzip for the gateway to send. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const OUT = fileURLToPath(new URL('../dist/console', import.meta.url))
const TEXT = /\.(js|css|svg)$/

/** `src/gateway/console-files.ts` sends them so, and unpacks them for the rare client that does not take gzip. */
function gzipped(): Plugin {
  return {
    name: 'lakelet-gzipped',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' }).filter((file) => TEXT.test(file))) {
        const path = join(OUT, name)
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }))
        rmSync(path)
      }
    },
  }
}

export default defineConfig({
  base: '/_lakelet/console/',
  // The gateway puts a nonce of its own into every answer.
  html: { cspNonce: '__LAKELET_NONCE__' },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
    reportCompressedSize: false,
  },
  plugins: [react(), gzipped()],
  server: { proxy: { '^/(?!_lakelet/console/)': 'http://localhost:4566' } },
})
