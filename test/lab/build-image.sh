#!/bin/sh
# Builds the lab's image: build-image.sh STORE DEBS makes the file STORE, an XFS that holds base.ext4, the root of every node (XFS
# copies files of any size at once). To be run in mount and pid namespaces of its own: then nothing of it outlives it.
set -eu
store=$1 debs=$2
here=$(dirname "$0")
packages=systemd,systemd-sysv,dbus,udev,kmod,procps,mount,iproute2,iptables,netfilter-persistent,iptables-persistent,\
openssh-server,sudo,ca-certificates,curl,iputils-ping,netcat-openbsd,cron,parted,fdisk,gdisk,e2fsprogs,xfsprogs,btrfs-progs,attr,acl,\
python3,python3-apt,busybox,fish,dnf,rpm,createrepo-c,wget,git,zip,unzip,bzip2,xz-utils,zstd
release=$(. /etc/os-release && echo "$VERSION_CODENAME")

say() { echo "lab image: $*" >&2; }

# The archives that this machine's apt uses: "URI SUITE COMPONENT" lines.
archives() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
		awk -v release="$release" '$2 ~ "^" release "(-updates|-security)?$" && $3 == "main"' | sort -u
}
[ -n "$(archives)" ] || apt-get -qq update
mirror=$(archives | awk -v release="$release" '$2 == release { print $1; exit }')
[ -n "$mirror" ] || { say "apt has no archive for $release: see /etc/apt/sources.list"; exit 1; }
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
[ -z "${http_proxy:-}" ] || export http_proxy

mkdir -p "$store.mnt/store" "$store.mnt/root" "$debs"
truncate --size 40G "$store"
mkfs.xfs -q -m reflink=1 "$store"
mount -o loop,discard "$store" "$store.mnt/store"
truncate --size 8G "$store.mnt/store/base.ext4"
mkfs.ext4 -q "$store.mnt/store/base.ext4"
root=$store.mnt/root
mount -o loop,discard "$store.mnt/store/base.ext4" "$root"

say "installing $release from $mirror"
mkdir -p "$root/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/lab"
debootstrap --variant=minbase --cache-dir="$debs" --include="$packages" "$release" "$root" "$mirror" >"$store.log" 2>&1 ||
	{ tail -n 20 "$store.log" >&2; say "debootstrap failed: see $store.log"; exit 1; }

say "setting up"
archives | while read -r uri suite component; do echo "deb $uri $suite $component"; done >"$root/etc/apt/sources.list"
cp -r --no-preserve=ownership "$here/guest/." "$root"
chroot "$root" sh /setup.sh
rm -rf "$root/setup.sh" "$root/var/cache/apt/archives"/*.deb "$root/etc/dpkg/dpkg.cfg.d/lab"
umount "$root"
umount "$store.mnt/store"
rm -r "$store.mnt" "$store.log"
