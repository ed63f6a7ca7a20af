#!/usr/bin/env bash
# Builds artifacts/mapagent_VERSION_ARCH.deb from the published native binary.
#   deploy/debian/build.sh [BINARY [FOLDER]]     default: artifacts/publish/mapagent, artifacts
# The same binary and the same commit give the same bytes: SOURCE_DATE_EPOCH, else the time of the commit, dates all files.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
binary=$(readlink -f "${1:-$root/artifacts/publish/mapagent}")
output=${2:-$root/artifacts}
packaging=$root/deploy/debian
# Who answers for the package; a company that builds its own names itself here.
maintainer=${MAPAGENT_MAINTAINER:-MapAgent authors <maintainers@users.noreply.mapagent.invalid>}

die() { echo "build.sh: $*" >&2; exit 2; }
for tool in dh dpkg-shlibdeps dpkg-deb; do command -v $tool >/dev/null || die "$tool is missing: apt-get install debhelper dpkg-dev"; done
[ -x "$binary" ] || die "$binary is missing: dotnet publish src/MapAgent -c Release --use-current-runtime -o artifacts/publish"
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$root/Directory.Build.props")
[ -n "$version" ] || die "Directory.Build.props has no VersionPrefix"
built=$("$binary" --version)
case $built in "$version" | "$version"[+-]*) ;; *) die "$binary is of version $built, the sources of $version: publish again" ;; esac
: "${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct 2>/dev/null)}"
[ -n "$SOURCE_DATE_EPOCH" ] || die "there is no commit to take the time from: set SOURCE_DATE_EPOCH"
export SOURCE_DATE_EPOCH
# The runtime is linked into the binary, so its notices go along.
notices=${DOTNET_NOTICES:-$(dirname "$(readlink -f "$(command -v dotnet)")")/ThirdPartyNotices.txt}
[ -r "$notices" ] || die "$notices is missing: DOTNET_NOTICES says where the notices of the .NET runtime are"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/mapagent-$version
umask 022
mkdir -p "$tree/debian" "$tree/docs" "$tree/alerts" "$tree/dashboards" "$tree/profiles"
output=$(mkdir -p "$output" && cd "$output" && pwd)
cd "$tree"

# put MODE FILE TARGET: a copy whose mode does not depend on the checkout.
put() { install -D -m "$1" "$2" "$3"; }
put 755 "$binary" mapagent
put 755 "$packaging/rules" debian/rules
put 644 "$packaging/copyright" debian/copyright
put 644 "$packaging/mapagent.default" default/mapagent
put 644 "$packaging/mapagent.yaml" mapagent.yaml
put 644 "$root/deploy/systemd/mapagent.service" debian/mapagent.service
put 644 "$root/deploy/systemd/mapagent.sysusers" debian/mapagent.sysusers
put 644 "$root/deploy/completion/mapagent.bash" completion/mapagent
put 644 "$notices" ThirdPartyNotices.txt
put 644 "$root/README.md" README.md
for file in "$root"/deploy/systemd/*.conf; do put 644 "$file" "profiles/${file##*/}"; done
for file in "$root"/deploy/man/*.[158]; do put 644 "$file" "man/${file##*/}"; done
(cd "$root" && find docs -name '*.md' -print0) | while IFS= read -r -d '' file; do put 644 "$root/$file" "$file"; done
# The rules and the dashboards alone: their tests, and what makes the dashboards, stay with the sources.
for file in "$root"/alerts/*.rules.yml "$root"/dashboards/*.json; do
  [ ! -e "$file" ] || put 644 "$file" "${file#"$root/"}"
done

sed "s/@MAINTAINER@/$maintainer/" "$packaging/control" >debian/control
# The newest section of CHANGELOG.md, as dpkg writes it.
{
  printf 'mapagent (%s) stable; urgency=medium\n\n' "$version"
  awk '/^## /{n++} n==1 && /^- /{if (item) print item; item=substr($0, 3); next} n==1 && item && /^  [^ ]/{item=item substr($0, 2)} END{if (item) print item}' \
    "$root/CHANGELOG.md" | while IFS= read -r item; do fold -s -w 74 <<<"$item" | sed -e '1s/^/  * /' -e '2,$s/^/    /' -e 's/ *$//'; done
  printf '\n -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} >debian/changelog
cat >debian/mapagent.install <<'LIST'
mapagent usr/bin
default/mapagent etc/default
mapagent.yaml etc/mapagent
completion/mapagent usr/share/bash-completion/completions
LIST
for folder in alerts dashboards; do
  if [ -n "$(ls -A $folder)" ]; then echo "$folder usr/share/mapagent" >>debian/mapagent.install; fi
done
printf 'man/*\n' >debian/mapagent.manpages
printf 'README.md\ndocs\nThirdPartyNotices.txt\n' >debian/mapagent.docs
printf 'profiles/*\n' >debian/mapagent.examples
[ ! -e "$packaging/lintian-overrides" ] || put 644 "$packaging/lintian-overrides" debian/mapagent.lintian-overrides

if ! DEB_RULES_REQUIRES_ROOT=no DH_QUIET=1 debian/rules binary >"$work/log" 2>&1; then cat "$work/log" >&2; die "debhelper failed"; fi
for package in "$work"/*.deb; do
  put 644 "$package" "$output/${package##*/}"
  ls -l "$output/${package##*/}"
done
