import { stat } from '../facts/stat.ts'
import { status } from '../facts/status.ts'
import { DIGESTS } from '../lib/digest.ts'
import { hostPath } from '../lib/host-path.ts'
import { typeDict } from '../lib/stat-dict.ts'
import { defineModule, propose, UnknownFact, type HostState, type JsonObject } from '../module.ts'

export default defineModule({
  name: 'stat',
  summary: 'Tell what is at a path.',
  description:
    'Changes nothing. Times are whole seconds. In check mode, of a file that an earlier task would have made only type, mode and owner are known.',
  args: {
    type: 'object',
    required: ['path'],
    properties: {
      path: { type: 'string', format: 'path', aliases: ['dest', 'name'], description: 'The path.', since: '0.1.0' },
      follow: { type: 'boolean', default: false, description: 'Tells of what a link leads to.', since: '0.1.0' },
      get_checksum: { type: 'boolean', default: true, description: 'Takes the checksum of a file.', since: '0.1.0' },
      checksum_algorithm: {
        type: 'string',
        enum: DIGESTS,
        default: 'sha1',
        aliases: ['checksum', 'checksum_algo'],
        description: 'How the checksum is taken.',
        since: '0.1.0',
      },
      get_mime: {
        type: 'boolean',
        default: true,
        aliases: ['mime', 'mime_type', 'mime-type'],
        description: 'Tells the type and encoding of the content, where the host has file(1).',
        since: '0.1.0',
      },
      get_attributes: {
        type: 'boolean',
        default: true,
        aliases: ['attr', 'attributes'],
        description: 'Tells the attributes of chattr(1), where the host has lsattr(1).',
        since: '0.1.0',
      },
    },
  },
  returns: {
    stat: '`exists`, and where it does: `isreg`, `isdir`, `islnk`, `mode`, `uid`, `pw_name`, `gid`, `gr_name`, `size`, `mtime`, `checksum`, `lnk_source` and the like, by Ansible’s names.',
  },
  examples: [
    { title: 'Is it there?', task: 'stat: { path: /etc/hosts }\nregister: hosts' },
    { title: 'Where does it lead?', task: 'stat: { path: /etc/localtime, get_checksum: false }\nregister: zone' },
    { title: 'What a link leads to', task: 'stat: { path: /etc/localtime, follow: true, checksum_algorithm: sha256 }' },
  ],
  async observe(host, args) {
    const path = await hostPath(host, args.path)
    const options = {
      follow: args.follow,
      algorithm: args.get_checksum ? args.checksum_algorithm : null,
      mime: args.get_mime,
      attributes: args.get_attributes,
    }
    try {
      return await host.get(status(path, options))
    } catch (error) {
      if (error instanceof UnknownFact) return predicted(host, path, args.follow)
      throw error
    }
  },
  plan: (_, found) => propose([], { stat: found === null ? { exists: false } : { exists: true, ...found } }),
})

/** What check mode knows of a path that an earlier task would have changed. */
async function predicted(host: HostState, path: string, follow: boolean): Promise<JsonObject | null> {
  const at = await host.get(stat(path))
  if (at?.type === 'link' && follow) return typeof at.resolved === 'string' ? predicted(host, at.resolved, false) : null
  if (at === null) return null
  return {
    path,
    ...typeDict(at.type, at.mode),
    pw_name: at.owner,
    gr_name: at.group,
    ...(at.uid < 0 ? {} : { uid: at.uid }),
    ...(at.gid < 0 ? {} : { gid: at.gid }),
    ...(at.type === 'file' ? { size: at.size } : {}),
    ...(at.type === 'link' ? { lnk_target: at.target ?? '', lnk_source: at.resolved ?? '' } : {}),
  }
}
