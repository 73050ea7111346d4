/** The algorithms of checksums, by Ansible's names; the first is its default. */
export const DIGESTS = ['sha1', 'md5', 'sha224', 'sha256', 'sha384', 'sha512'] as const

/** Shell function `digest ALGORITHM`: standard input's digest at the beginning of a line, with whatever program is there; nothing without one. */
export const digestFunction = `digest() {
  if command -v "$1sum" >/dev/null 2>&1; then "$1sum"
  elif command -v openssl >/dev/null 2>&1; then openssl dgst "-$1" -r
  elif command -v shasum >/dev/null 2>&1; then shasum -a "\${1#sha}"
  fi
}
`
