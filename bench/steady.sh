# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: what a pass costs when hardly anything changes, and whether its sums are still true.

default_config() { # GROUPS INTERVAL [CPU_BUDGET]: the agent's defaults but for these
  write_configs "$1"
  sed -i "/rollup: always/d; /mappings: false/d; s/interval: .*/interval: $2/; s/cpu_budget: .*/cpu_budget: ${3:-1%}/" "$temp/agent.yaml"
}

wait_measured() { # COUNT SECONDS: until so many processes are measured; leaves the scrape in temp/scrape
  local deadline=$((SECONDS + $2))
  until scrape "$agent_url" "$temp/scrape" && [[ $(sample "$temp/scrape" mapagent_process_measured) == "$1".* ]]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

wait_passes() { # COUNT: until so many more have ended and the agent rests; leaves the scrape in temp/scrape
  local family=mapagent_pass_duration_seconds_count goal deadline=$((SECONDS + 120))
  scrape "$agent_url" "$temp/scrape"
  goal=$(calc "$(sample "$temp/scrape" $family) + $1")
  until [[ $(calc "$(sample "$temp/scrape" $family) >= $goal") == 1* ]]; do
    ((SECONDS < deadline)) || broken "the agent makes no passes any more"
    sleep 0.05
    scrape "$agent_url" "$temp/scrape"
  done
  cpu_ns "$agent" >/dev/null || exit 2
  scrape "$agent_url" "$temp/scrape"
}

# By the kernel, read without the agent. Child i is in group i modulo the number of groups.
truth() { # GROUPS FILE: of each group its name and the bytes of PSS, USS and RSS
  # shellcheck disable=SC2046
  awk -v prefix="$prefix" -v groups="$1" '
    FNR == 1 { group = prefix (n++ % groups) }
    /^Pss:/ { pss[group] += $2 }
    /^Private_(Clean|Dirty):/ { uss[group] += $2 }
    /^Rss:/ { rss[group] += $2 }
    END { for (group in rss) printf "%s %.0f %.0f %.0f\n", group, pss[group] * 1024, uss[group] * 1024, rss[group] * 1024 }
  ' $(sed 's|.*|/proc/&/smaps_rollup|' "$temp/pids") | sort >"$2"
  [[ $(wc -l <"$2") == "$1" ]] || broken "the rollups of the generated processes cannot be read"
}

claimed() { # SCRAPE FILE: the same by the agent
  awk '
    /^mapagent_process_(pss|uss|rollup_rss)_bytes[{]/ {
      family = $0
      sub(/_bytes.*/, "", family)
      group = $0
      sub(/.*[{,]group="/, "", group)
      sub(/".*/, "", group)
      value = $0
      sub(/^[^{]*[{][^}]*[}] +/, "", value)
      bytes[group, family] = value + 0
      seen[group] = 1
    }
    END {
      for (group in seen)
        printf "%s %.0f %.0f %.0f\n", group, bytes[group, "mapagent_process_pss"], bytes[group, "mapagent_process_uss"], bytes[group, "mapagent_process_rollup_rss"]
    }' "$1" | sort >"$2"
}

farthest() { # FILE FILE: the largest difference of any sum, in bytes; a group that only one has counts whole
  join -a 1 -a 2 -e 0 -o 1.2,1.3,1.4,2.2,2.3,2.4 "$1" "$2" |
    awk '{ for (k = 1; k <= 3; k++) { off = $k - $(k + 3); off = off < 0 ? -off : off; if (off > most) most = off } } END { print most + 0 }'
}

# The sums of the last scrape against the truth, which is read twice: while it moves by itself nothing can be said.
hold_against_truth() { # FIGURE
  local tries
  for ((tries = 0; tries < 5; tries++)); do
    truth 10 "$temp/truth"
    sleep 0.2
    truth 10 "$temp/truth.again"
    if cmp -s "$temp/truth" "$temp/truth.again"; then
      claimed "$temp/scrape" "$temp/claimed"
      record "$1" "$(farthest "$temp/truth" "$temp/claimed")"
      return
    fi
  done
  broken "the memory of sleeping processes moves by itself (a reclaimer?): nothing can be held against it"
}

change_one_in_ten() { # one more figure each of steady.changed, steady.lag, steady.lag.off and steady.lag.rollups
  local chosen waited
  # Ten of each group: the last but one digit of the line says which.
  mapfile -t chosen < <(awk 'NR % 10 == int(NR / 10) % 10' "$temp/pids")
  cp "$temp/truth" "$temp/truth.before"
  cpu_ns "$agent" --after-work 5 >/dev/null || exit 2 # a pass has just ended, the next is far
  scrape "$agent_url" "$temp/before"
  kill -USR1 "${chosen[@]}"
  wait_passes 2
  cp "$temp/scrape" "$temp/after"
  hold_against_truth steady.lag.off
  for ((waited = 2; waited < 12 && $(farthest "$temp/truth" "$temp/claimed") > 0; waited++)); do
    wait_passes 1
    claimed "$temp/scrape" "$temp/claimed"
  done
  record steady.lag "$waited"
  record steady.changed "$(farthest "$temp/truth.before" "$temp/truth")"
  record steady.lag.rollups "$(rollups after) - $(rollups before)"
}

measure_steady() { # CPU of a pass over 1000 sleeping processes, each measured before
  local passes=20 k bare_ms agent_ms stat_ms
  default_config 10 1s
  start_load 1000 10 --changing
  start_exporter "$temp/exporter.yaml"
  start_agent "$temp/agent.yaml"
  wait_measured 1000 120 || broken "after 120 s only $(sample "$temp/scrape" mapagent_process_measured) of 1000 processes are measured"
  others
  for ((k = 0; k < pairs; k++)); do
    agent_window 5
    agent_ms=$window_ms
    record steady.agent "$agent_ms"
    record steady.own "$window_own_ms"
    record steady.passes "$window_passes"
    record steady.rollups "$window_rollups"
    bare_ms=$(bare 3) || exit 2
    record steady.bare "$bare_ms"
    stat_ms=$("$temp/barereader" --pids "$temp/pids" --passes 3 --interval-ms 1000 --show mean --stat-only) || exit 2
    record steady.stat "$stat_ms"
    record steady.per_stat "$agent_ms / $stat_ms"
    exporter_window 3
    record steady.peer "$window_ms"
    record steady.per_bare "$agent_ms / $bare_ms"
    record steady.per_all "$agent_ms / ($bare_ms + $others_ms)"
    record steady.per_peer "$agent_ms / $window_ms"
    kill -CONT "$agent"
    wait_passes 1
    hold_against_truth steady.off
  done
  for ((k = 0; k < 4; k++)); do change_one_in_ten; done
  heading "pass at defaults, nothing changes, 1000 processes in 10 groups"
  row steady.per_bare "agent / bare reader of all of them" 0.15
  row steady.per_all "agent / bare reader that also reads the stat of all others"
  row steady.per_stat "agent / bare reader of their stat alone"
  row steady.per_peer "agent / process-exporter scrape" 0.04
  row steady.agent "agent, CPU ms a pass, whole process"
  row steady.own "agent, CPU ms a pass by its own counter"
  row steady.bare "bare reader, CPU ms a pass"
  row steady.stat "bare reader of their stat alone, CPU ms a pass"
  row steady.peer "process-exporter, CPU ms a scrape"
  row steady.passes "passes in a window"
  row steady.rollups "rollups read in a pass"
  row_most steady.off "farthest sum from the truth, bytes" 0
  heading "one process in ten changes, two passes later"
  row_most steady.lag.off "farthest sum from the truth, bytes" 0
  row steady.lag "passes until all sums were true again, from 2 on"
  row steady.changed "how far the farthest sum had moved, bytes"
  row steady.lag.rollups "rollups read in the two passes"
  require "the processes did not change" "$(least steady.changed) > 0"
  note "$others other processes: the agent reads their stat too, which costs the bare reader $others_ms ms"
  end_process "$agent"
  end_process "$peer"
  end_process "$load"
}
