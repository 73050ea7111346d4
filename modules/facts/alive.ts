import { defineFact, UnreadableFact } from '../fact.ts'

const fact = defineFact<string, true>({
  name: 'alive',
  script: () => 'echo alive\n',
  parse(raw) {
    if (raw.toString().trim() !== 'alive')
      throw new UnreadableFact('the shell of the host does not answer as it should')
    return true
  },
  volatile: true,
})

/** That a shell answers. */
export const alive = () => fact('')
