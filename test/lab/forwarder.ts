import { closeSync } from 'node:fs'
import { connect, Server, type Socket } from 'node:net'
import type { Forward } from './forward.ts'
import { enterCgroups } from './processes.ts'

/** The process inside the lab's network: forward.ts starts it and hands over the listening sockets, then says `begin`. */
const forwards: { readonly forward: Forward; readonly server: Server }[] = []
let begun = false

process.on('message', (message: Forward | 'begin', server: unknown) => {
  if (message === 'begin') begin()
  else if (server instanceof Server) forwards.push({ forward: message, server })
})

// Left alone before everything was handed over: whoever started this was killed. Sockets under way must not keep it.
process.on('disconnect', endUnlessBegun)
if (!process.connected) endUnlessBegun()

function endUnlessBegun(): void {
  if (!begun) process.kill(process.pid, 'SIGKILL')
}

function begin(): void {
  for (const { forward } of forwards) enterCgroups(forward.lab, forward.part)
  // The lab's lock, held until other runs can see this process in its control group.
  closeSync(4)
  for (const { forward, server } of forwards) server.on('connection', (client) => join(client, forward.address))
  begun = true
  process.send?.('ready')
}

/** Each side's end of stream is passed on by itself, so nothing under way in the other direction is lost. */
function join(client: Socket, host: string): void {
  const server = connect({ host, port: 22, allowHalfOpen: true, noDelay: true })
  client.allowHalfOpen = true
  client.setNoDelay(true)
  client.pipe(server)
  server.pipe(client)
  client.on('error', () => server.destroy())
  server.on('error', () => client.resetAndDestroy())
}
