import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { Fact } from '../../../modules/fact.ts'
import type { Action, ActionResult, Ownership, RunAction, ScriptAction, WriteAction } from '../../../modules/step.ts'
import { describeFailure } from '../../../runner/host/failure.ts'
import type { Host, Performed, Reading, Work } from '../../../runner/host/host.ts'
import { fileResponders, type Responder } from './memory-facts.ts'
import { type Inode, MemoryFiles, newInode, Refused } from './memory-files.ts'

/** How a command ends. */
export interface Ran {
  readonly status?: number
  readonly stdout?: string | Buffer
  readonly stderr?: string | Buffer
}
export type Commands = (
  action: RunAction | ScriptAction,
  files: MemoryFiles,
  environment: { readonly [name: string]: string },
) => Ran

export interface MemoryHostOptions {
  /** What commands do; every command ends with 127 where unset. */
  readonly run?: Commands
  /** Further kinds of facts by name: what their scripts would print for one parameter. */
  readonly facts?: { readonly [kind: string]: Responder }
}

/** A host that is a file system in memory, as root: facts come as the raw text that real scripts print. The contract holds it to what real hosts do. */
export class MemoryHost implements Host {
  readonly files = new MemoryFiles()
  /** Keys that were read, one list for each call. */
  readonly reads: (readonly string[])[] = []
  /** What was performed, in order. */
  readonly actions: Action[] = []
  readonly #run: Commands
  readonly #facts: { readonly [kind: string]: Responder }

  constructor({ run = ({ do: verb }) => ({ status: 127, stderr: `no ${verb} here` }), facts }: MemoryHostOptions = {}) {
    this.#run = run
    this.#facts = facts === undefined ? fileResponders : { ...fileResponders, ...facts }
  }

  /** Makes a file with the directories on its way. */
  write(path: string, content: string | Buffer, mode = 0o644): void {
    this.#directories(posix.dirname(path))
    this.files.put(path, Object.assign(newInode('file', mode), { content: Buffer.from(content) }))
  }

  #directories(path: string): void {
    if (this.files.get(path) !== undefined) return
    this.#directories(posix.dirname(path))
    this.files.put(path, newInode('directory', 0o755))
  }

  read(facts: readonly Fact<unknown>[]): Promise<readonly Reading[]> {
    this.reads.push(facts.map((fact) => fact.key))
    return Promise.resolve(facts.map((fact) => this.#read(fact)))
  }

  #read({ kind, key, param }: Fact<unknown>): Reading {
    const responder = this.#facts[kind.name]
    if (responder === undefined) return { kind: 'unreadable', message: `cannot read ${key}: this host has no answer` }
    return { kind: 'raw', raw: Buffer.from(responder(param, this.files)) }
  }

  perform(work: Work): Promise<Performed> {
    const moved = work.basis.some(({ fact, raw }) => {
      const now = this.#read(fact)
      return now.kind !== 'raw' || !now.raw.equals(raw)
    })
    if (moved) return Promise.resolve({ kind: 'moved' })
    const results: ActionResult[] = []
    for (const action of work.actions) {
      const start = Date.now()
      const { status = 0, stdout = '', stderr = '' } = this.#perform(action, work)
      const result = { status, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), start, end: Date.now() }
      this.actions.push(action)
      results.push(result)
      const accept = action.do === 'run' || action.do === 'sh' ? (action.accept ?? [0]) : [0]
      if (accept === 'any' || accept.includes(status)) continue
      const failure = { action, reason: 'status' as const, message: describeFailure(action, result, 'status') }
      return Promise.resolve({ kind: 'performed', results, failure, readings: work.readBack.map((f) => this.#read(f)) })
    }
    return Promise.resolve({
      kind: 'performed',
      results,
      failure: null,
      readings: work.readBack.map((f) => this.#read(f)),
    })
  }

  #perform(action: Action, work: Work): Ran {
    try {
      return this.#act(action, work)
    } catch (error) {
      if (error instanceof Refused) return { status: 1, stderr: `${error.message}\n` }
      throw error
    }
  }

  #act(action: Action, work: Work): Ran {
    const { files } = this
    switch (action.do) {
      case 'write':
        return this.#write(action, work)
      case 'attributes': {
        const inode = files.get(action.path, action.link !== true)
        if (inode === undefined) throw new Refused(`${action.path} does not exist`)
        own(inode, action)
        inode.mtime = action.mtime ?? inode.mtime
        return {}
      }
      case 'directory': {
        const there = files.get(action.path)
        if (there?.type === 'directory') return {}
        if (files.get(action.path, false) !== undefined) throw new Refused(`cannot make ${action.path}: File exists`)
        const made = newInode('directory', 0o755)
        own(made, action)
        files.put(action.path, made)
        return {}
      }
      case 'link': {
        if (files.get(action.path, false)?.type === 'directory') throw new Refused(`${action.path} is a directory`)
        const linked = action.hard === true ? files.get(action.target, false) : newInode('link', 0o777, action.target)
        if (linked?.type === 'directory' || linked === undefined) throw new Refused(`cannot link ${action.target}`)
        if (files.get(action.path, false) === linked) return {}
        files.put(action.path, linked)
        if (action.hard === true) linked.links++
        return {}
      }
      case 'remove': {
        const path = action.path.replace(/\/+$/, '')
        const there = files.get(path, false)
        if (there === undefined) return {}
        const below = files.beneath(files.resolve(path, false) ?? path)
        if (there.type === 'directory' && below.length > 0 && action.recursive !== true)
          throw new Refused(`cannot remove ${path}: Directory not empty`)
        files.remove(path)
        return {}
      }
      case 'await':
      case 'request':
      case 'fetch':
        throw new Refused('this host has no services')
      case 'run':
      case 'sh':
        return this.#run(action, files, { ...work.environment, ...action.environment })
    }
  }

  #write(action: WriteAction, work: Work): Ran {
    const { path, content } = action
    const old = this.files.get(path)
    if (old?.type === 'directory') throw new Refused(`${path} is a directory`)
    const fresh = newInode('file', old?.mode ?? 0o644)
    fresh.uid = old?.uid ?? 0
    fresh.gid = old?.gid ?? 0
    fresh.content = content.kind === 'bytes' ? content.bytes : readFileSync(content.path)
    own(fresh, action)
    const temporary = `${posix.dirname(path)}/.${posix.basename(path)}.drover-${fresh.number}`
    this.files.put(temporary, fresh)
    try {
      if (action.validate !== undefined) {
        const argv = action.validate.map((word) => word.replaceAll('%s', () => temporary))
        const { status = 0, stderr = '' } = this.#run({ do: 'run', argv }, this.files, work.environment)
        if (status !== 0)
          throw new Refused(`${stderr.toString()}\nthe new ${path} was refused by ${argv[0] ?? 'its check'}`)
      }
    } finally {
      this.files.remove(temporary)
    }
    fresh.links = 1
    const backup = `${path}.1.2026-01-31@13:05:00~`
    const backed = action.backup === true && old !== undefined
    if (backed) this.files.put(backup, { ...old, links: 1 })
    this.files.put(path, fresh)
    return { stdout: backed ? backup : '' }
  }
}

function own(inode: Inode, { mode, owner, group }: Ownership): void {
  if (owner !== undefined) inode.uid = id(owner)
  if (group !== undefined) inode.gid = id(group)
  if (mode !== undefined && inode.type !== 'link') inode.mode = Number.parseInt(mode, 8)
}

const id = (word: string): number => (word === 'root' ? 0 : word === 'daemon' ? 1 : Number(word))
