import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'

/** The least that many hosts cost one process: for each address a connection and one command. Arguments: KEY ADDRESS... */
const [key = '', ...addresses] = process.argv.slice(2)
const privateKey = readFileSync(key)

function visit(host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.on('error', reject)
    client.on('ready', () => {
      client.exec('true', (error, channel) => {
        if (error !== undefined) return reject(error)
        channel.on('close', () => {
          client.end()
          resolve()
        })
        channel.resume()
      })
    })
    client.connect({ host, username: 'root', privateKey, readyTimeout: 120_000 })
  })
}

const waiting = [...addresses]
/** As many at once as cores can use; more only make each other late. */
await Promise.all(
  Array.from({ length: 16 }, async () => {
    for (let host = waiting.pop(); host !== undefined; host = waiting.pop()) await visit(host)
  }),
)
