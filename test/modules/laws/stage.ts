import type { Case } from './case.ts'
import { files } from './files.ts'
import { storage } from './storage.ts'
import { system } from './system.ts'
import { transfer } from './transfer.ts'

/** A host for each subject. */
export const subjects: Readonly<Record<string, readonly Case[]>> = {
  n1: files,
  n2: system,
  n3: [...storage, ...transfer],
}

const begin = `
set -e
mkdir -p /srv/laws && cd /srv/laws
pipeline() { printf '[pipeline:main]\\npipeline = %s\\n[app:p]\\n' "$1"; shift; for name in a k "$@"; do printf '[filter:%s]\\nuse = x # %s\\n' "$name" "$name"; done; }
unit() { printf '[Service]\\nExecStart=/bin/sleep 1000000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/$1.service; systemctl daemon-reload; }
`

/** The shell text that makes what all these cases are to find on a host. */
export const stage = (cases: readonly Case[]): string =>
  begin + cases.flatMap(({ given }) => (given === undefined ? [] : [`(${given})`])).join('\n')
