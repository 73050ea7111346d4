import { routine, type Context, type Routine, type Routines } from '../routine.ts'
import { str } from '../values/python-text.ts'
import { iterate } from '../values/sequence.ts'

/** A test of the parts of a URI; `schemes` says which ones are meant. Anything but text is none. */
function uri(check: (scheme: string, host: string) => boolean): Routine {
  return routine('schemes?', (_: Context, value: unknown, schemes: unknown = null) => {
    if (typeof value !== 'string') return false
    const [, scheme = '', host = ''] = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?/.exec(value) ?? []
    const wanted =
      schemes === null ? null : iterate(typeof schemes === 'string' ? [schemes] : schemes).map((one) => str(one))
    return (wanted === null || wanted.includes(scheme.toLowerCase())) && check(scheme.toLowerCase(), host)
  })
}

export const urlTests: Routines = new Map([
  ['uri', uri(() => true)],
  ['url', uri((scheme, host) => host !== '' || scheme === 'file')],
  ['urn', uri((scheme) => scheme === 'urn')],
])
