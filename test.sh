#!/usr/bin/env bash
# Builds, publishes the native binary and runs every test and check. The last line is the count.
#   ./test.sh            everything but the image; installs the Debian packages the tests need (root)
#   ./test.sh --image    that, and the container image built from the Dockerfile and run: some minutes more
#   ./test.sh --quick    what needs only the SDK
#   ./test.sh --update   rewrites golden files, then runs everything
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

quick=false
image=false
for argument in "$@"; do
  case $argument in
    --quick) quick=true ;;
    --image) image=true ;;
    --update) export UPDATE_GOLDEN=1 ;;
    *) echo "test.sh: unknown argument $argument; known: --quick, --image, --update" >&2; exit 1 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
passed=0 failed=0 skipped=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

say() { printf '\n== %s\n' "$*"; }

# check NAME COMMAND...: one check that passes or fails as a whole.
check() {
  local name=$1; shift
  say "$name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

# suite PROJECT [ARGUMENT...]: a test project; its own counts are added.
suite() {
  local project=$1 log=$results/$(basename "$1").log status=0
  shift
  say "tests of $project"
  # Where the script was started with signals ignored (nohup, or in the background of a script), the agent would not obey them.
  env --default-signal=HUP,INT,QUIT dotnet test --project "$project" -c Release --no-build "$@" 2>&1 | tee "$log" || status=$?
  local counts
  counts=$(grep -oE '^ *(total|failed|succeeded|skipped): [0-9]+' "$log" | tr -d ' ' | tail -n 4)
  local ok bad left
  ok=$(sed -n 's/^succeeded://p' <<<"$counts"); bad=$(sed -n 's/^failed://p' <<<"$counts"); left=$(sed -n 's/^skipped://p' <<<"$counts")
  passed=$((passed + ${ok:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${left:-0}))
  # A runner that died, or ran nothing, counts nothing: that is a failure of its own.
  if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then failed=$((failed + 1)); fi
  if [ "${ok:-0}" -eq 0 ]; then failed=$((failed + 1)); echo "FAILED: $project ran no test"; fi
}

install_tools() {
  # command=package; apt may end non-zero over an unrelated half-configured package, so the commands decide.
  local needed="clang=clang cc=gcc promtool=prometheus prometheus-process-exporter=prometheus-process-exporter curl=curl setpriv=util-linux unshare=util-linux ps=procps"
  needed+=" podman=podman runc=runc python3=python3 strace=strace ipcmk=util-linux nsenter=util-linux go=golang-go bindfs=bindfs"
  needed+=" chromium=chromium tmux=tmux openssl=openssl wrk=wrk"
  needed+=" debootstrap=debootstrap systemd-nspawn=systemd-container systemd-analyze=systemd dh=debhelper lintian=lintian pgrep=procps"
  local missing=()
  for pair in $needed; do command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}"); done
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  # Libraries of the renderer that stands for helm: Debian's packages are a GOPATH.
  local library go_libraries="Masterminds/sprig=masterminds-sprig BurntSushi/toml=burntsushi-toml Masterminds/semver=masterminds-semver xeipuuv/gojsonschema=xeipuuv-gojsonschema"
  for library in $go_libraries; do
    [ -d "/usr/share/gocode/src/github.com/${library%%=*}" ] || missing+=("golang-github-${library#*=}-dev")
  done
  [ -d /usr/share/gocode/src/sigs.k8s.io/yaml ] || missing+=(golang-k8s-sigs-yaml-dev)
  # The server's own programs are in no PATH.
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
  if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    # Servers that a package would start take ports; the tests start their own.
    local policy=/usr/sbin/policy-rc.d made=false
    if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && made=true; fi
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null || true
    if $made; then rm -f $policy; fi
  fi
  local absent=()
  for pair in $needed; do command -v "${pair%%=*}" >/dev/null || absent+=("${pair%%=*}"); done
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || absent+=(postgresql)
  if [ ${#absent[@]} -gt 0 ]; then echo "cannot install: ${absent[*]}"; return 1; fi
}

build() { dotnet build MapAgent.sln -c Release; }
# The rest of what dotnet format can judge are analyzers, and those have just been errors of the build.
format() {
  dotnet format whitespace MapAgent.sln --verify-no-changes --no-restore && dotnet format style MapAgent.sln --verify-no-changes --no-restore
}
# The build has judged the same sources; what only the native compiler sees are errors here too.
publish() { dotnet publish src/MapAgent -c Release --use-current-runtime -p:RunAnalyzers=false -o artifacts/publish && ls -l artifacts/publish/mapagent; }
package() { deploy/debian/build.sh; }
finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
}

# Beside a step that keeps the processors busy runs one that waits for disks and servers, or has a processor to spare.
# aside NAME COMMAND...: starts a check; its output is kept until `settle NAME` counts it.
declare -A aside_pids=()
aside() {
  local name=$1; shift
  "$@" >"$results/$name.log" 2>&1 &
  aside_pids[$name]=$!
}
settle() {
  settled() { local status=0; wait "${aside_pids[$1]}" || status=$?; cat "$results/$1.log"; return $status; }
  check "$1" settled "$1"
}

if ! $quick; then aside tools install_tools; fi
check "build" build
if ! $quick; then
  settle tools
  # Fetching and unpacking leaves the processors to the tests.
  tests/containers/debian-tree.sh "$PWD/artifacts/debian-bookworm" >"$results/debian-tree.log" 2>&1 &
fi
if [ "$failed" -gt 0 ]; then finish; exit 1; fi
if ! $quick; then aside "native binary" publish; fi
suite tests/MapAgent.Tests
aside format format
if ! $quick; then
  published=$failed
  settle "native binary"
  if [ "$failed" -eq "$published" ]; then check "package" package; fi
  published=$((failed - published))
  settle format
  if [ "$published" -eq 0 ]; then
    export MAPAGENT_BINARY=$PWD/artifacts/publish/mapagent
    rm -f artifacts/system-tests.txt
    # Where it failed, the tests that need the tree try again, and say why.
    wait || true
    if $image; then suite tests/MapAgent.SystemTests; else suite tests/MapAgent.SystemTests --filter-not-class '*.ContainerImageTests'; fi
    if [ -e artifacts/system-tests.txt ]; then say "figures"; cat artifacts/system-tests.txt; fi
  fi
else
  settle format
fi
finish
