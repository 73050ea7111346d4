import { content } from '../facts/content.ts'
import { hostPath } from '../lib/host-path.ts'
import { defineModule, propose, refuse } from '../module.ts'

export default defineModule({
  name: 'slurp',
  summary: 'Read a file of a host.',
  description:
    'The content is returned in base64, for the filter `b64decode`. Files of up to 16 MiB; links are followed.',
  args: {
    type: 'object',
    required: ['src'],
    properties: {
      src: { type: 'string', format: 'path', aliases: ['path'], description: 'The file.', since: '0.1.0' },
    },
  },
  returns: { content: 'The bytes in base64.', encoding: 'base64.', source: 'The file.' },
  examples: [
    { title: 'Read a file', task: 'slurp: { src: /etc/hostname }\nregister: name_of_host' },
    {
      title: 'Read a key that is not known beforehand',
      given: 'copy: { dest: /var/tmp/drover-key.pub, content: "ssh-ed25519 AAAA\\n" }',
      task: 'slurp: { src: /var/tmp/drover-key.pub }\nregister: key',
    },
  ],
  async observe(host, { src }) {
    const path = await hostPath(host, src)
    return { path, bytes: await host.get(content(path)) }
  },
  plan(_, { path, bytes }) {
    if (bytes === null) return refuse(`file not found: ${path}`)
    return propose([], { content: bytes.toString('base64'), encoding: 'base64', source: path })
  },
})
