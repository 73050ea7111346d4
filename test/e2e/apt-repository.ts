import type { LabNode } from '../lab/node.ts'

/** Packages that stand in for Debian's of the same names: each holds one file, and needs or recommends what is said here. */
const packages: readonly (readonly [name: string, relations: string])[] = [
  ['socat', ''],
  ['rsync', 'Depends: libpopt0'],
  ['libpopt0', ''],
  ['jq', 'Recommends: jq-doc'],
  ['jq-doc', ''],
  ['telnet', ''],
]

/** Gives a host a repository of its own in place of Debian's, which it cannot reach; apt itself is the real one. */
export async function serveApt(node: LabNode): Promise<void> {
  const built = packages.map(([name, relations]) => `build ${name} '${relations}'`).join('\n')
  await node.sh(`
    set -e
    repository=/opt/repository
    mkdir -p $repository
    build() {
      root=$(mktemp -d)
      mkdir -p $root/DEBIAN $root/usr/share/doc/$1
      echo "$1 of the tests" >$root/usr/share/doc/$1/README
      {
        printf 'Package: %s\\nVersion: 1.2-1\\nArchitecture: all\\nMaintainer: Tests <tests@localhost>\\n' $1
        [ -z "$2" ] || echo "$2"
        echo 'Description: stands in for a package of Debian'
      } >$root/DEBIAN/control
      deb=$1_1.2-1_all.deb
      dpkg-deb --root-owner-group --build $root $repository/$deb >/dev/null
      rm -rf $root
      {
        dpkg-deb --field $repository/$deb
        echo "Filename: ./$deb"
        echo "Size: $(stat -c %s $repository/$deb)"
        echo "SHA256: $(sha256sum $repository/$deb | cut -d' ' -f1)"
        echo
      } >>$repository/Packages
    }
    rm -f $repository/Packages
    ${built}
    rm -f /etc/apt/sources.list.d/*
    echo "deb [trusted=yes] file:$repository ./" >/etc/apt/sources.list
    rm -rf /var/lib/apt/lists/*
    apt-get update -q >/dev/null
    touch -d '2 days ago' /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null || :
  `)
}
