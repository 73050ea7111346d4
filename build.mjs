import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

// One bundle with what it needs: loading some five hundred modules one by one takes longer than a converged run. It checks no types: `npm run check` does.
const { metafile } = await build({
  entryPoints: ['runner/cli/main.ts'],
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  // It looks for its native parts beside itself.
  external: ['ssh2'],
  // CommonJS packages ask for Node's built-ins by `require`, which ES modules do not have.
  banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
})

// What an earlier build left goes only now, so that one that fails leaves dist as it was.
for (const name of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const file = join(name.parentPath, name.name)
  if (name.isFile() && !(file in metafile.outputs)) rmSync(file)
}
