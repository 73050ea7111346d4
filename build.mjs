import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

// One bundle with what it needs: loading some five hundred modules one by one takes longer than a converged run. It checks no types: `npm run check` does.
const { metafile } = await build({
  entryPoints: ['runner/cli/main.ts', 'modules/api.ts', 'runner/cli/user-modules/hooks.ts'],
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

const types = join('dist', 'types')

// What an earlier build left goes only now, so that one that fails leaves dist as it was.
for (const name of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const file = join(name.parentPath, name.name)
  if (name.isFile() && !(file in metafile.outputs) && !file.startsWith(types)) rmSync(file)
}

// What `import … from 'drover'` means to an editor; what has not changed is not written again.
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], { stdio: 'inherit' })
