#!/usr/bin/env bash
# Makes the tree of a Debian 12 with systemd that the tests of the installed service boot, unless it is there.
#   tests/containers/debian-tree.sh FOLDER
set -euo pipefail
tree=$1
[ -d "$tree" ] && exit 0
# procps for kill and ps; libssl3 as the package recommends it, so that installing asks no mirror.
rm -rf "$tree.part"
mkdir -p "$(dirname "$tree")"
debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,libcap2-bin,procps,libssl3 bookworm "$tree.part"
# Only a whole tree gets the name.
mv "$tree.part" "$tree"
