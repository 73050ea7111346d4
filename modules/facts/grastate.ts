import { posix } from 'node:path'
import { defineFact, UnreadableFact } from '../fact.ts'
import { quote } from '../lib/quote.ts'

/** Where a stopped node stands: grastate.dat in its data directory, written when it stops in order. */
export interface Grastate {
  /** Empty where the file is: the node joins for the first time, or that was broken off. */
  readonly uuid: string
  /** The last transaction; -1 where the node runs, or did not stop in order: `galera_recovery` or `mariadbd --wsrep-recover` finds it out. */
  readonly seqno: number
  /** Whether Galera itself knows that this node was the last to stop. */
  readonly safeToBootstrap: boolean
}

const fact = defineFact<string, Grastate | null>({
  name: 'grastate',
  script: ([path = '']) => {
    const file = quote(path)
    return `if [ -r ${file} ]; then cat ${file}; elif [ -e ${file} ] || ! [ -x "$(dirname ${file})" ] && [ -d "$(dirname ${file})" ]; then echo '?'; else echo -; fi\n`
  },
  parse(raw, path) {
    const text = raw.toString('utf8').trim()
    if (text === '?') throw new UnreadableFact(`${path} may not be read: run the task with become: true`)
    if (text === '-') return null
    // A server that joins with nothing of its own has the file open, and writes it when it has got the data.
    if (text === '') return { uuid: '', seqno: -1, safeToBootstrap: false }
    const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1]
    const [uuid, seqno] = [field('uuid'), field('seqno')]
    if (uuid === undefined || seqno === undefined) throw new UnreadableFact(`${path} is not what Galera writes there`)
    return { uuid, seqno: Number(seqno), safeToBootstrap: field('safe_to_bootstrap') === '1' }
  },
  path: (path) => path,
  live: true,
})

/** grastate.dat of a data directory; null where there is none, which is so before a node first joins a cluster. */
export const grastate = (datadir: string) => fact(posix.join(datadir, 'grastate.dat'))
