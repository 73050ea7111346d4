import type { Duplex, Readable, Writable } from 'node:stream'
import type { Address } from '../../modules/question.ts'

export type { Address }

/**
 * How requests reach a host. A connection is one authenticated line to a host; on it one long-lived shell for each identity; a shell
 * takes scripts and answers each with its exit status and what it printed. Nothing here knows of facts, playbooks or events.
 */
export interface Connection {
  /**
   * The shell of an identity, opened at the first call and kept. Rejects with `ConnectionError` or `BecomeError`; where sudo needs no
   * dialogue, the first request goes along with the opening, and it is that one which rejects with `BecomeError`.
   */
  shell(identity: Identity): Promise<Shell>
  /**
   * A stream to a service as the host reaches it, over the same line: no port need be open to the controller. A unix socket sees the
   * user who logged in. Rejects with `ConnectionError`: `refused` where nothing answers there or sshd does not forward, which leaves
   * the line as it was.
   */
  dial(address: Address): Promise<Duplex>
  /** What has gone over the wire so far. */
  readonly meter: Meter
  /** Ends all shells and the line. Never rejects; leaves no process on the host. */
  close(): Promise<void>
}

export interface Shell {
  /**
   * Runs a POSIX sh script, in a subshell, with no standard input, and gives all that it printed, byte for byte. Requests are
   * answered in the order in which they were made. Rejects with `ConnectionError` when the line is lost before the answer is whole.
   * The answer is whole when the script has ended: what it left running in the background goes on, and what that prints later is lost,
   * or found in a later answer, unless it was redirected.
   */
  request(script: string, options?: RequestOptions): Promise<Reply>
}

export interface RequestOptions {
  /**
   * Milliseconds, from when it is first in line, after which everything the script started is ended (SIGTERM, 2 s later SIGKILL): the
   * reply then has `timedOut`, and the shell lives on. What had detached itself, by the end of its parent, is not found.
   */
  readonly timeout?: number
  /** Ends what the script started, like a time-out, when it fires. */
  readonly signal?: AbortSignal
  /** The most bytes of standard output and standard error together; what goes beyond ends the script, and the reply has `overflowed`. */
  readonly limit?: number
  /**
   * Bytes for the script's standard input, sent when the script starts to wait for them; exactly `size` bytes are delivered. Costs
   * one round trip more than a request without.
   */
  readonly upload?: { readonly stream: Readable; readonly size: number }
  /**
   * Takes the script's standard output, no faster than it takes it, in place of the reply; not counted by `limit`, and left open. Where
   * it fails, what the script started is ended, and the request rejects with its error.
   */
  readonly download?: Writable
}

export interface Reply {
  /** The script's exit status; 128 + n where signal n ended it. */
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly timedOut: boolean
  readonly overflowed: boolean
}

/** Whom a shell runs as: the user who logged in, or another one by a become method. */
export type Identity = { readonly kind: 'login' } | Become
export interface Become {
  readonly kind: 'become'
  readonly method: 'sudo' | 'su'
  readonly user: string
  readonly password?: string
  /** Further words for sudo or su, Ansible's `become_flags`. */
  readonly flags?: readonly string[]
}

/** Counts of one connection; all bytes are those of the payload, before encryption. */
export interface Meter {
  /**
   * Times that drover waited for the host, authentication apart: for a channel to open, for its program to start (ssh only), for a
   * password prompt and for the shell behind it, for a host to take an upload, and for answers: a request that is sent while its
   * shell owes none counts one, those sent before that answer has come count none.
   */
  roundTrips: number
  /** Requests sent. */
  requests: number
  /** Channels opened (ssh), or processes started and sockets opened (local). */
  channels: number
  bytesSent: number
  bytesReceived: number
  /** Times that the line was opened. */
  connects: number
}

/** The line could not be opened, or was lost. `message` is for people: what was tried, what came back, what to do. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  /** `lost`: it was open and broke; whether the request under way was carried out is not known. Others: nothing was done. */
  readonly reason: 'refused' | 'timeout' | 'unresolved' | 'authentication' | 'host-key' | 'lost'
  constructor(reason: ConnectionError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** The login worked, becoming the other user did not: a wrong or missing password, no such user, sudo not installed or not allowed. */
export class BecomeError extends Error {
  override readonly name = 'BecomeError'
}

/** Where and how to connect: the inventory's `ansible_*` variables and the command line, merged. */
export type Endpoint = LocalEndpoint | EmbeddedEndpoint | SshEndpoint
export interface LocalEndpoint {
  readonly kind: 'local'
}
/** A real SSH server inside this process, for trying a playbook without any host: /bin/sh as the same user. */
export interface EmbeddedEndpoint {
  readonly kind: 'embedded'
}
export interface SshEndpoint {
  readonly kind: 'ssh'
  /** A name that ssh would take: `~/.ssh/config` applies to it by way of `ssh -G`. */
  readonly host: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly privateKeyFile?: string
  readonly passphrase?: string
  /** `ansible_ssh_common_args` and `ansible_ssh_extra_args`: options given to `ssh -G`. */
  readonly sshArgs?: readonly string[]
  /** `yes` (default): known_hosts must hold the key. `accept-new`: an unknown host's key is added; a changed one refused. `no`: not checked. */
  readonly hostKeyChecking?: 'yes' | 'accept-new' | 'no'
  /** Milliseconds for connecting and authenticating. */
  readonly connectTimeout: number
  /** Milliseconds of silence after which the line is taken for dead; as ssh's configuration says, else 30 s. */
  readonly aliveTimeout?: number
}
