#!/bin/bash
# Measures the published agent side by side with a bare reader and with process-exporter, on processes made for
# it, and holds the ratios against their bounds. See README.md.
#
#   bench/run.sh [pass|memory|start|scrape|all|deep|steady|budget|stall|shm|long|peer]
#
# Environment: MAPAGENT (the binary), PAIRS (interleaved pairs, 9), PASSES (passes in a window, 3), ROUNDS (of each
# condition of stall, 5; in long 15), STALL_MIB (resident memory of its victim, 8192), MINUTES (of budget, 7), WINDOWS
# (of 30 s between two passes, of shm, 5).
# Exit code: 0 all bounds kept, 1 a bound missed, 2 the set-up failed.

set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mapagent=${MAPAGENT:-$here/../artifacts/publish/mapagent}
pairs=${PAIRS:-9}
passes=${PASSES:-3}
accept='Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'

temp=$(mktemp -d)
trap end_everything EXIT
trap 'exit 2' INT TERM HUP
# shellcheck source=processes.sh
source "$here/processes.sh"
# shellcheck source=figures.sh
source "$here/figures.sh"
# shellcheck source=steady.sh
source "$here/steady.sh"
# shellcheck source=budget.sh
source "$here/budget.sh"
# shellcheck source=stall.sh
source "$here/stall.sh"
# shellcheck source=deep.sh
source "$here/deep.sh"
# shellcheck source=shm.sh
source "$here/shm.sh"

write_configs() { # GROUPS: temp/agent.yaml and temp/exporter.yaml with the same groups
  cat >"$temp/agent.yaml" <<YAML
process_names:
  - name: "{{.Comm}}"
    comm: [$(comms "$1")]
    rollup: always
    mappings: false
sampling:
  interval: 1s
  cpu_budget: 100%
YAML
  cat >"$temp/exporter.yaml" <<YAML
process_names:
  - name: "{{.Comm}}"
    comm: [$(comms "$1")]
YAML
}

bare() { # PASSES: mean CPU milliseconds of a pass at the agent's pace
  "$temp/barereader" --pids "$temp/pids" --passes "$1" --interval-ms 1000 --show mean || broken "the bare reader failed"
}

rollups() { # before or after: rollups read since the start
  sample "$temp/$1" mapagent_reads_total 'file="smaps_rollup"' 'outcome="ok"'
}

# One window of the agent: from just after one pass to a quiet moment some passes later. The scrapes that count
# the passes lie outside. It is stopped afterwards, so that it does not run beside the other one of the pair.
agent_window() { # [CPU MS of a pass, roughly]: sets window_ms (CPU a pass), window_own_ms (by its own counter), window_rollups, window_passes
  local from to
  kill -CONT "$agent"
  cpu_ns "$agent" --after-work "${1:-$(($(wc -l <"$temp/pids") / 50))}" >/dev/null || exit 2
  scrape "$agent_url" "$temp/before"
  from=$(cpu_ns "$agent") || exit 2
  sleep "$passes"
  to=$(cpu_ns "$agent") || exit 2
  scrape "$agent_url" "$temp/after"
  kill -STOP "$agent"
  local family=mapagent_pass_duration_seconds_count own=mapagent_pass_cpu_seconds_total
  window_passes=$(calc "$(sample "$temp/after" $family) - $(sample "$temp/before" $family)")
  [[ ${window_passes%.*} -gt 0 ]] || broken "no pass in ${passes}s: $family did not rise"
  window_ms=$(calc "($to - $from) / 1e6 / $window_passes")
  window_own_ms=$(calc "($(sample "$temp/after" $own) - $(sample "$temp/before" $own)) * 1e3 / $window_passes")
  window_rollups=$(calc "($(rollups after) - $(rollups before)) / $window_passes")
}

exporter_window() { # SCRAPES [curl options]: sets window_ms, CPU per scrape
  local from to k
  from=$(cpu_ns "$peer") || exit 2
  for ((k = 0; k < $1; k++)); do scrape "$peer_url" "$temp/peer" "${@:2}"; done
  to=$(cpu_ns "$peer") || exit 2
  window_ms=$(calc "($to - $from) / 1e6 / $1")
}

# What the other processes of the machine cost: the agent reads the stat of all, the yardstick only of its own.
others() { # sets others, others_ms
  (cd /proc && printf '%s\n' [0-9]*) | grep -vxFf "$temp/pids" >"$temp/others"
  others=$(wc -l <"$temp/others")
  others_ms=$("$temp/barereader" --pids "$temp/others" --passes 9 --stat-only --show median 2>/dev/null)
}

measure_pass() { # COUNT: CPU of a pass in which every rollup is due
  local count=$1 k name=pass$1 bare_ms agent_ms
  write_configs 10
  start_load "$count" 10
  start_exporter "$temp/exporter.yaml"
  start_agent "$temp/agent.yaml"
  others
  for ((k = 0; k < pairs; k++)); do
    agent_window
    agent_ms=$window_ms
    record "$name.agent" "$agent_ms"
    record "$name.own" "$window_own_ms"
    record "$name.passes" "$window_passes"
    record "$name.rollups" "$window_rollups"
    bare_ms=$(bare "$passes") || exit 2
    record "$name.bare" "$bare_ms"
    exporter_window "$passes"
    record "$name.peer" "$window_ms"
    record "$name.per_bare" "$agent_ms / $bare_ms"
    record "$name.per_all" "$agent_ms / ($bare_ms + $others_ms)"
    record "$name.per_peer" "$agent_ms / $window_ms"
    record "$name.sanity" "$window_ms / $bare_ms"
  done
  heading "pass, every rollup due, $count processes in 10 groups"
  row "$name.per_bare" "agent / bare reader" 1.10
  row "$name.per_all" "agent / bare reader that also reads the stat of all others"
  row "$name.per_peer" "agent / process-exporter scrape" 0.25
  row "$name.sanity" "process-exporter / bare reader (4.4 to 5.2 expected)"
  row "$name.agent" "agent, CPU ms a pass, whole process"
  row "$name.own" "agent, CPU ms a pass by its own counter"
  row "$name.bare" "bare reader, CPU ms a pass"
  row "$name.peer" "process-exporter, CPU ms a scrape"
  row "$name.passes" "passes in a window"
  row "$name.rollups" "rollups read in a pass"
  require "the agent did not read every rollup, and no other, in every pass" "$(median "$name.rollups") == $count"
  note "$others other processes: the agent reads their stat too, which costs the bare reader $others_ms ms"
  end_process "$agent"
  end_process "$peer"
  end_process "$load"
}

resident_kib() { # PID
  awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"
}

measure_memory() { # resident memory after 50 scrapes, gzip and plain in turn
  local run runs=${MEMORY_RUNS:-3} k
  write_configs 10
  sed -i '/mappings: false/d' "$temp/agent.yaml" # deep reads as they are by default
  start_load 1000 10
  for ((run = 0; run < runs; run++)); do
    start_exporter "$temp/exporter.yaml"
    start_agent "$temp/agent.yaml"
    for ((k = 0; k < 25; k++)); do
      gzip_scrape "$agent_url" "$temp/body"
      gzip_scrape "$peer_url" "$temp/body"
      sleep 0.5
      scrape "$agent_url" "$temp/agent.body"
      scrape "$peer_url" "$temp/peer.body"
      sleep 0.5
    done
    record memory.agent "$(resident_kib "$agent") / 1024"
    record memory.peer "$(resident_kib "$peer") / 1024"
    record memory.ratio "$(resident_kib "$agent") / $(resident_kib "$peer")"
    end_process "$agent"
    end_process "$peer"
  done
  heading "resident memory after 50 scrapes, 1000 processes in 10 groups"
  row memory.ratio "agent / process-exporter" 1.0
  row memory.agent "agent, VmRSS MiB"
  row memory.peer "process-exporter, VmRSS MiB"
  note "series: agent $(series "$temp/agent.body"), process-exporter $(series "$temp/peer.body")"
  end_process "$load"
}

measure_start() { # start of the binary to its first snapshot
  local k ms
  write_configs 10
  start_load 100 10
  for ((k = 0; k < 11; k++)); do
    free_port
    ms=$("$temp/untilready" "$port" "$mapagent" --config.file="$temp/agent.yaml" --web.listen-address="127.0.0.1:$port" --log.level=warning 2>"$temp/start.err") ||
      broken "the agent did not become ready: $(tail -n 3 "$temp/start.err")"
    record start "$ms"
  done
  heading "start to the first snapshot, 100 processes"
  row start "start to /-/ready, ms" 150
  end_process "$load"
}

# [curl options]: sets window_ms, CPU of the first scrape after a pass, long before the next. A second scrape of one
# snapshot may come from a cache, which Prometheus would never see.
agent_scrape() {
  local from to
  from=$(cpu_ns "$agent" --after-work 20) || exit 2
  scrape "$agent_url" "$temp/body" "$@"
  to=$(cpu_ns "$agent") || exit 2
  window_ms=$(calc "($to - $from) / 1e6")
}

measure_scrape() { # CPU of one /metrics of about 25,000 series
  local k how encoding agent_ms
  write_configs 10
  sed -i 's/interval: 1s/interval: 3s/; s/^    rollup: always/    per_process: true\n&/' "$temp/agent.yaml"
  printf 'limits: { groups: 2000, per_process: 2000 }\n' >>"$temp/agent.yaml"
  sed -i 's/"{{.Comm}}"/"{{.Comm}}:{{.PID}}"/' "$temp/exporter.yaml"
  start_load 1000 10
  start_exporter "$temp/exporter.yaml" -gather-smaps=false
  start_agent "$temp/agent.yaml"
  for ((k = 0; k < 3; k++)); do # not measured: generations and caches are built
    gzip_scrape "$agent_url" "$temp/body"
    gzip_scrape "$peer_url" "$temp/body"
  done
  for ((k = 0; k < pairs; k++)); do
    for how in gzip identity; do
      encoding="Accept-Encoding: $how"
      agent_scrape -H "$encoding"
      agent_ms=$window_ms
      exporter_window 1 -H "$encoding"
      record "scrape.$how.agent" "$agent_ms"
      record "scrape.$how.peer" "$window_ms"
      record "scrape.$how.ratio" "$agent_ms / $window_ms"
    done
  done
  heading "one /metrics of about 25,000 series, 1000 processes, no rollups"
  row scrape.gzip.ratio "agent / process-exporter, gzip as Prometheus asks" 0.25
  row scrape.identity.ratio "agent / process-exporter, plain" 0.25
  row scrape.gzip.agent "agent, CPU ms a scrape, gzip"
  row scrape.identity.agent "agent, CPU ms a scrape, plain"
  row scrape.gzip.peer "process-exporter, CPU ms a scrape, gzip"
  row scrape.identity.peer "process-exporter, CPU ms a scrape, plain"
  note "series: agent $(series "$temp/body"), process-exporter $(series "$temp/peer")"
  require "the agent serves far fewer series, so the ratios mean nothing" "$(series "$temp/body") > 0.9 * $(series "$temp/peer")"
  end_process "$agent"
  end_process "$peer"
  end_process "$load"
}

measure_peer() { # COUNT: process-exporter against the bare reader alone; needs no agent
  local k bare_ms name=peer$1
  write_configs 10
  start_load "$1" 10
  start_exporter "$temp/exporter.yaml"
  for ((k = 0; k < pairs; k++)); do
    bare_ms=$(bare "$passes") || exit 2
    exporter_window "$passes"
    record "$name.bare" "$bare_ms"
    record "$name.peer" "$window_ms"
    record "$name.ratio" "$window_ms / $bare_ms"
  done
  heading "sanity of the yardsticks, $1 processes in 10 groups"
  row "$name.ratio" "process-exporter / bare reader (4.4 to 5.2 expected)"
  row "$name.bare" "bare reader, CPU ms a pass"
  row "$name.peer" "process-exporter, CPU ms a scrape"
  end_process "$peer"
  end_process "$load"
}

what=${1:-all}
case $what in
  pass | memory | start | scrape | all | deep | steady | budget | stall | shm | long) [[ -x $mapagent ]] || broken "no binary at $mapagent: publish it, or name it in MAPAGENT" ;;
  peer) ;;
  *) broken "usage: bench/run.sh [pass|memory|start|scrape|all|deep|steady|budget|stall|shm|long|peer]" ;;
esac

mkfifo "$temp/stdin"
exec 9<>"$temp/stdin" # genload's stdin: its end of file is the end of this shell
build_tools
find_exporter
echo "$(uname -sr), $(nproc) CPUs, load $(cut -d' ' -f1 /proc/loadavg), process-exporter $("$exporter" -version 2>&1 | grep -o '[0-9]\.[0-9][0-9.]*' | head -n 1)"
case $what in
  pass) measure_pass 100; measure_pass 1000 ;;
  memory) measure_memory ;;
  start) measure_start ;;
  scrape) measure_scrape ;;
  deep) measure_deep 2000 ;;
  steady) measure_steady ;;
  budget) measure_budget ;;
  stall) measure_stall "${ROUNDS:-5}" ;;
  shm) measure_shm ;;
  long)
    measure_steady
    measure_budget
    measure_stall "${ROUNDS:-15}"
    measure_shm
    ;;
  peer) measure_peer 100; measure_peer 1000 ;;
  all)
    measure_pass 100
    measure_pass 1000
    measure_memory
    measure_start
    measure_scrape
    measure_deep 2000
    ;;
esac

if ((missed)); then
  printf '\na bound was missed\n'
else
  printf '\nall bounds kept\n'
fi
exit "$missed"
