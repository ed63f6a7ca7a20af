# shellcheck shell=bash disable=SC2154
# Sourced by run.sh: the tools, and every process the driver starts. All are children of the driver, so a pid
# that has not been waited for cannot belong to anyone else; each is ended by its own pid and nothing by name.

declare -A running=() # pid -> what it is
prefix=$(printf "l%xg" $$) # of the comm of generated processes: no other run on this machine has it

broken() { # MESSAGE: the machine or the set-up failed, which says nothing about the agent
  echo "bench: $*" >&2
  exit 2
}

package_for() { # COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  # apt-get may end non-zero over an unrelated half-configured package: what counts is the command.
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >"$temp/apt.log" 2>&1
  command -v "$1" >/dev/null || broken "$1 is missing and could not be installed: apt-get install $2"
}

find_exporter() { # sets exporter; unpacked, not installed, so that no service is ever started
  exporter=$(command -v prometheus-process-exporter) && return
  (cd "$temp" && { apt-get download -qq prometheus-process-exporter || { apt-get update -qq && apt-get download -qq prometheus-process-exporter; }; } &&
    dpkg -x prometheus-process-exporter_*.deb exporter) >"$temp/apt.log" 2>&1
  exporter=$temp/exporter/usr/bin/prometheus-process-exporter
  [[ -x $exporter ]] || broken "prometheus-process-exporter is missing and could not be downloaded: $(tail -n 1 "$temp/apt.log")"
}

build_tools() {
  package_for gcc gcc
  package_for curl curl
  [[ -e /usr/include/stdio.h ]] || package_for no-such-command libc6-dev
  local tool
  for tool in genload deepload barereader cpuof untilready stall; do
    gcc -std=c11 -O2 -Wall -Wextra -Werror -o "$temp/$tool" "$here/$tool.c" || broken "$tool.c does not compile"
  done
  # With libraries of its own: else its PSS would change by whoever else on the machine starts or ends meanwhile.
  mkdir -p "$temp/lib"
  local library
  for library in $(ldd "$temp/genload" | grep -o '/[^ ]*'); do cp -L "$library" "$temp/lib/"; done
  library=$(basename "$temp"/lib/ld*)
  gcc -std=c11 -O2 -Wl,-rpath,"$temp/lib" -Wl,--dynamic-linker="$temp/lib/$library" -o "$temp/genload" "$here/genload.c" ||
    broken "genload.c cannot be linked to libraries of its own"
}

free_port() { # sets port, one after another, passing over those that answer
  port=${port:-19555}
  while port=$((port + 1)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
}

launch() { # WHAT COMMAND...: sets pid; input names its stdin. Dies with the driver, however that ends
  local what=$1
  shift
  setpriv --pdeathsig KILL "$@" <"${input:-/dev/null}" >"$temp/$what.out" 2>"$temp/$what.err" 9>&- &
  pid=$!
  running[$pid]=$what
}

end_process() { # PID
  [[ -n ${1:-} && -n ${running[$1]:-} ]] || return 0
  kill -CONT "$1" 2>/dev/null # a stopped process would not see the signal
  kill -TERM "$1" 2>/dev/null
  local tries=0
  while kill -0 "$1" 2>/dev/null && ((tries++ < 100)); do sleep 0.05; done
  kill -KILL "$1" 2>/dev/null
  wait "$1" 2>/dev/null
  unset "running[$1]"
}

end_everything() {
  local each
  for each in "${!running[@]}"; do end_process "$each"; done
  exec 9>&-
  rm -rf "$temp"
}

start_load() { # COUNT GROUPS [genload options]: sets load, and temp/pids
  : >"$temp/load.out" # of an earlier one, which said ready too
  input=$temp/stdin TMPDIR=$temp launch load "$temp/genload" --count "$1" --groups "$2" --comm "$prefix" --pids "$temp/pids" "${@:3}"
  load=$pid
  until grep -q ready "$temp/load.out"; do
    kill -0 "$load" 2>/dev/null || broken "genload failed: $(cat "$temp/load.err")"
    sleep 0.05
  done
}

comms() { # GROUPS: prefix0, prefix1 ...
  local g list=${prefix}0
  for ((g = 1; g < $1; g++)); do list+=", $prefix$g"; done
  echo "$list"
}

start_agent() { # FILE: the configuration; sets agent, agent_url. Returns when the first snapshot is published
  free_port
  agent_url=http://127.0.0.1:$port
  launch agent "$mapagent" --config.file="$1" --web.listen-address="127.0.0.1:$port" --log.level=warning
  agent=$pid
  until curl -fs --max-time 20 -o "$temp/ready" "$agent_url/-/ready"; do
    kill -0 "$agent" 2>/dev/null || broken "the agent ended: $(tail -n 3 "$temp/agent.err" "$temp/agent.out")"
    sleep 0.05
  done
}

start_exporter() { # FILE [FLAG...]: sets peer, peer_url
  local file=$1
  shift
  free_port
  peer_url=http://127.0.0.1:$port
  launch exporter "$exporter" -config.path "$file" -web.listen-address "127.0.0.1:$port" -threads=false "$@"
  peer=$pid
  until curl -fs --max-time 20 -o "$temp/ready" "$peer_url/metrics"; do
    kill -0 "$peer" 2>/dev/null || broken "process-exporter ended: $(tail -n 3 "$temp/exporter.err")"
    sleep 0.05
  done
}

cpu_ns() { # PID [cpuof options]: CPU so far, once the process is quiet
  local used
  used=$("$temp/cpuof" --settle 40 "${@:2}" "$1") || broken "cpuof $1 (${running[$1]:-?}) failed"
  echo "${used%% *}"
}

scrape() { # URL FILE [curl options]: what Prometheus 2.42 asks for, without gzip; see gzip_scrape
  curl -fs --max-time 20 -o "$2" -H "$accept" "${@:3}" "$1/metrics" || broken "$1/metrics did not answer"
}

gzip_scrape() { # URL FILE: as Prometheus does it; the body stays compressed
  scrape "$1" "$2" -H 'Accept-Encoding: gzip'
}

sample() { # FILE FAMILY [LABEL [LABEL]]: the sum of its samples, those with the labels given; 0 when absent
  awk -v family="$2" -v one="${3:-}" -v two="${4:-}" '
    $0 ~ "^" family "([{ ]|$)" && index($0, one) && index($0, two) { sub(/^[^ {]*(\{.*\})? +/, ""); sum += $1 }
    END { printf "%.9f\n", sum }' "$1"
}

series() { # FILE
  grep -c '^[^#]' "$1"
}
