/** Builds the console into the lakelet package: hashed files, pages split, text kept as gzip for the gateway to send. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const OUT = fileURLToPath(new URL('../dist/console', import.meta.url))
const BASE = '/_lakelet/console/'
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

/** Fonts inside of styles would hold up the first view; as files they come beside it. */
function fontsAsFiles(): Plugin {
  return {
    name: 'lakelet-fonts',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const asset of Object.values(bundle)) {
        if (asset.type !== 'asset' || !asset.fileName.endsWith('.css')) continue
        const css = typeof asset.source === 'string' ? asset.source : new TextDecoder().decode(asset.source)
        asset.source = css
          .replaceAll('@font-face{', '@font-face{font-display:swap;')
          .replace(/url\("?data:font\/woff2;[^,]*base64,([^")]+)"?\)/g, (_all, base64: string) => {
            const source = Buffer.from(base64, 'base64')
            const fileName = `assets/font-${createHash('sha256').update(source).digest('hex').slice(0, 12)}.woff2`
            this.emitFile({ type: 'asset', fileName, source })
            return `url(${BASE}${fileName})`
          })
      }
    },
  }
}

export default defineConfig({
  base: BASE,
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
  plugins: [react(), fontsAsFiles(), gzipped()],
  server: { proxy: { '^/(?!_lakelet/console/)': 'http://localhost:4566' } },
})
