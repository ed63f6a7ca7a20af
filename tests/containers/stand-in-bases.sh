#!/usr/bin/env bash
# Makes stand-ins for the base images of the Dockerfile, from what this Debian machine has installed: no registry is asked.
#   CONTAINERS_STORAGE_CONF=... CONTAINERS_CONF=... stand-in-bases.sh DOCKERFILE
# They get the names that its FROM lines say, so the Dockerfile is built as it is. The build stage is a skeleton: SDK and compiler
# are the machine's own /usr, which the build must mount (podman build --volume /usr:/usr:ro). The final base has what the chiseled
# image has: C library, OpenSSL, zlib, time zones, certificates, the user app; no shell and no package manager.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: stand-in-bases.sh DOCKERFILE" >&2; exit 1; }
sdk=$(awk '/^FROM .*\/sdk:/{print $2; exit}' "$1")
runtime=$(awk '/^FROM .*\/runtime-deps:/{print $2; exit}' "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# skeleton FOLDER: the top of a merged-/usr system.
skeleton() {
  mkdir -p "$1"/{etc/ssl/certs,tmp,root,home/app,proc,sys,dev,run,usr}
  mkdir -p "$1"/var/{tmp,lib/apt/lists}
  chmod 1777 "$1/tmp" "$1/var/tmp"
  chmod 700 "$1/root"
  local link
  for link in bin lib lib64 sbin; do
    mkdir -p "$1/usr/$link"
    ln -s "usr/$link" "$1/$link"
  done
  printf 'root:x:0:0:root:/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$1/etc/group"
  cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
  cp /etc/nsswitch.conf "$1/etc/"
}

skeleton "$work/sdk"
# Links of /usr lead here (the clang of Debian, awk and the like).
cp -a /etc/alternatives "$work/sdk/etc/"
tar -C "$work/sdk" -c . | podman import -q -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - "$sdk"

skeleton "$work/runtime"
# The loader's name is in a folder of its own on some architectures; the list of the package says where.
dpkg -L libc6 libgcc-s1 libstdc++6 libssl3 zlib1g tzdata | grep -vE '^/(\.|usr/share/(doc|lintian|bug))|/(gconv|audit)(/|$)' |
  while read -r path; do
    if [ -f "$path" ]; then echo "${path#/}"; fi
  done | sed 's,^lib,usr/lib,' | sort -u >"$work/files"
tar -C / -c --no-recursion --files-from="$work/files" | tar -C "$work/runtime" -x
tar -C "$work/runtime" -c . |
  podman import -q -c 'ENV APP_UID=1654' -c 'ENV ASPNETCORE_HTTP_PORTS=8080' -c 'ENV DOTNET_RUNNING_IN_CONTAINER=true' \
    -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$runtime"
