import { execFile } from 'node:child_process'
import type { Fact } from '../../modules/fact.ts'

/** The shells that facts must read with: each as its command line. */
export const SHELLS: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']]

/** Runs a script as a host's shell would: in the C locale, without standard input. */
export function runScript(
  script: string,
  shell: readonly string[] = ['sh'],
  options: { readonly uid?: number; readonly path?: string } = {},
): Promise<Buffer> {
  const [program = 'sh', ...words] = shell
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...words, '-s'],
      {
        encoding: 'buffer',
        maxBuffer: 64 << 20,
        env: { ...process.env, LC_ALL: 'C', LANGUAGE: 'C', PATH: options.path ?? process.env.PATH },
        ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
      },
      (error, stdout, stderr) =>
        error !== null && typeof error.code !== 'number'
          ? reject(error)
          : stderr.length > 0 && error !== null
            ? reject(new Error(stderr.toString()))
            : resolve(stdout),
    )
    child.stdin?.end(`(\n${script}\n) </dev/null`)
  })
}

/** Reads facts of one kind from this machine, all in one batch as the engine would: the values, or the error that parsing gave. */
export async function readLocally<T>(
  facts: readonly Fact<T>[],
  shell: readonly string[] = ['sh'],
  options: { readonly uid?: number; readonly path?: string } = {},
): Promise<readonly (T | Error)[]> {
  const pieces = await rawPieces(facts, shell, options)
  return facts.map((fact, index) => {
    try {
      return fact.parse(pieces[index] ?? Buffer.alloc(0))
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  })
}

/** What each fact's own piece of the batch's output is. */
export async function rawPieces(
  facts: readonly Fact<unknown>[],
  shell: readonly string[] = ['sh'],
  options: { readonly uid?: number; readonly path?: string } = {},
): Promise<readonly Buffer[]> {
  const [first] = facts
  if (first === undefined) return []
  const params = facts.map((fact) => fact.param)
  if (first.kind.split !== undefined)
    return first.kind.split(await runScript(first.kind.script(params), shell, options), params)
  return Promise.all(params.map((param) => runScript(first.kind.script([param]), shell, options)))
}
