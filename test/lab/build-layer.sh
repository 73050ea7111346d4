#!/bin/sh
# Installs what a layer adds: build-layer.sh IMAGE LAYER DEBS changes IMAGE, a copy of a node's root, by the script LAYER, which runs in it
# with this machine's network. To be run in mount and pid namespaces of its own: then nothing of it outlives it.
set -eu
image=$1 layer=$2 debs=$3
root=$image.mnt
mkdir -p "$root" "$debs/partial"
mount -o loop,discard "$image" "$root"
mount -t proc proc "$root/proc"
mount --bind "$debs" "$root/var/cache/apt/archives"
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
[ -z "${http_proxy:-}" ] || export http_proxy

# Nothing is started before the node boots.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
printf 'force-unsafe-io\n' >"$root/etc/dpkg/dpkg.cfg.d/lab"
cp "$layer" "$root/layer.sh"
cp --remove-destination /etc/resolv.conf "$root/etc/resolv.conf"
echo "lab layer: $(basename "$layer" .sh)" >&2
chroot "$root" sh /layer.sh >"$image.log" 2>&1 || { tail -n 20 "$image.log" >&2; exit 1; }
rm -r "$root/usr/sbin/policy-rc.d" "$root/etc/dpkg/dpkg.cfg.d/lab" "$root/layer.sh" "$root/etc/resolv.conf" "$image.log" "$root"/var/lib/apt/lists/*
umount "$root/var/cache/apt/archives" "$root/proc" "$root"
rmdir "$root"
