# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: whether the agent keeps to its budget while more changes than it may read, and what then
# becomes of coverage and age.

available_mib() {
  awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo
}

# Many small processes, some larger, few of 200 to 500 MB, as on a real node; of the large ones most are busy, so
# that more changes than the budget can follow. temp/pids has all of them, the largest last; temp/busy the busy ones.
start_sizes() { # sets loads, total
  local available count kib groups letter busy whole percent=100
  available=$(available_mib)
  whole=$((600 * 2 + 60 * 20 + 24 * 350))
  ((whole * 100 <= available * 60)) || percent=$((available * 60 / whole))
  loads=()
  : >"$temp/all"
  : >"$temp/busy"
  while read -r letter count kib groups busy; do
    count=$((count * percent / 100))
    ((count >= groups)) || broken "too little memory for this benchmark: $available MiB available"
    start_load "$count" "$groups" --comm "${prefix%g}$letter" --touch-kib "$kib" --busy-share "$busy"
    loads+=("$load")
    cat "$temp/pids" >>"$temp/all"
    awk -v share="$busy" 'int(NR * share / 100) > int((NR - 1) * share / 100)' "$temp/pids" >>"$temp/busy" # as genload does
    note "$count processes of $kib KiB, $busy % of them busy"
  done <<'SIZES'
s 600 1536 6 10
m 60 20480 2 40
l 24 204800-512000 1 80
SIZES
  mv "$temp/all" "$temp/pids"
  total=$(wc -l <"$temp/pids")
}

sizes_config() { # CPU_BUDGET
  local g list=
  for ((g = 0; g < 6; g++)); do list+="${prefix%g}s$g, "; done
  default_config 1 5s "$1"
  sed -i "s/comm: .*/comm: [$list${prefix%g}m0, ${prefix%g}m1, ${prefix%g}l0]/" "$temp/agent.yaml"
}

# Every snapshot once, as a line of temp/watched: its time, CPU seconds of rollups so far, processes measured, those
# the budget left out, the giants, how rarely one of them is read at most, and the greatest age seen until the next
# snapshot, of groups without giants and of all.
watch_agent() { # SECONDS
  local until=$((SECONDS + $1)) stamp last='' line='' rare oldest=0 oldest_of_all=0
  : >"$temp/watched"
  while ((SECONDS < until)); do
    scrape "$agent_url" "$temp/scrape"
    stamp=$(sample "$temp/scrape" mapagent_snapshot_timestamp_seconds)
    if [[ $stamp != "$last" ]]; then
      [[ -z $last ]] || echo "$line $oldest $oldest_of_all" >>"$temp/watched"
      last=$stamp
      oldest=0 oldest_of_all=0
      curl -fs --max-time 20 -o "$temp/groups.json" "$agent_url/api/v1/groups" || broken "/api/v1/groups did not answer"
      line="$stamp $(sample "$temp/scrape" mapagent_rollup_cpu_seconds_total)"
      line+=" $(sample "$temp/scrape" mapagent_process_measured) $(sample "$temp/scrape" mapagent_process_unmeasured 'reason="budget"')"
      tr -d ' \n' <"$temp/groups.json" | sed 's/.*"giants":\[//' | tr '}' '\n' | grep predicted_read_seconds >"$temp/giants"
      sed 's/.*"group":\("[^"]*"\).*/group=\1/' "$temp/giants" | sort -u >"$temp/giants.groups"
      rare=$(sed 's/.*"read_every_seconds":\([0-9.]*\).*/\1/' "$temp/giants" | sort -g | tail -n 1)
      line+=" $(wc -l <"$temp/giants") ${rare:-0}"
    fi
    oldest_of_all=$(oldest "$temp/scrape" "$oldest_of_all")
    grep -vFf "$temp/giants.groups" "$temp/scrape" >"$temp/scrape.small"
    oldest=$(oldest "$temp/scrape.small" "$oldest")
    sleep 0.7
  done
}

oldest() { # FILE SECONDS: the greatest age of a group there, or the seconds when they are more
  awk -v most="$2" '/^mapagent_process_rollup_age_seconds[{]/ { sub(/^[^ {]*(\{.*\})? +/, ""); if ($1 > most) most = $1 } END { print most + 0 }' "$1"
}

longer_than() { # SECONDS, a bound of the histogram: how many rollups took longer
  local all="mapagent_rollup_read_seconds_"
  calc "$(sample "$temp/scrape" ${all}count) - $(sample "$temp/scrape" ${all}bucket "le=\"$1\"")"
}

largest_read_ms() { # CPU of reading the largest process, at worst of nine
  tail -n 1 "$temp/pids" >"$temp/largest"
  "$temp/barereader" --pids "$temp/largest" --passes 9 --interval-ms 100 | sort -g | tail -n 1
}

forecast_round() { # seconds that one round of all rollups takes under the budget, by doctor
  "$mapagent" doctor --config.file="$temp/agent.yaml" >"$temp/doctor.out" 2>&1 || broken "doctor failed: $(tail -n 1 "$temp/doctor.out")"
  sed -n 's/.*one round of all of them takes \([0-9.]*\) s.*/\1/p' "$temp/doctor.out"
}

allowed_left() { # how many doctor gives up beforehand
  local covered
  covered=$(sed -n 's/.*the budget covers about \([0-9]*\) %.*/\1/p' "$temp/doctor.out")
  echo $((total * (100 - ${covered:-100}) / 100))
}

column() { # NUMBER FIGURE: that column of the watched lines becomes the figure
  awk -v column="$1" '{ print $column }' "$temp/watched" >"$temp/$2.figures"
}

figures_of_watching() { # NAME STARTED
  # A minute is twelve passes: by the clock, now twelve and now thirteen of them would fall into one.
  awk '
    { at[NR] = $1; cpu[NR] = $2 }
    NR > 12 && at[NR - 12] - at[1] >= 60 { printf "%.4f\n", (cpu[NR] - cpu[NR - 12]) * 1000 }' "$temp/watched" >"$temp/$1.minute.figures"
  awk -v all="$total" '$3 == all { full = 1 } full { print $4 }' "$temp/watched" >"$temp/$1.left.figures"
  awk -v all="$total" -v started="$2" '$3 == all { printf "%.4f\n", $1 - started; exit }' "$temp/watched" >"$temp/$1.cover.figures"
  column 5 "$1.giants"
  column 6 "$1.rare"
  column 7 "$1.age"
  column 8 "$1.age_of_all"
  record "$1.long" "$(longer_than 0.1)"
  record "$1.longish" "$(longer_than 0.05)"
}

measure_budget_of() { # CPU_BUDGET MS SECONDS: the budget as the agent reads it, and in milliseconds a minute
  local name=budget$2 round largest started from
  sizes_config "$1"
  round=$(forecast_round)
  [[ -n $round ]] || broken "doctor does not say how long a round takes: $(cat "$temp/doctor.out")"
  largest=$(largest_read_ms)
  record "$name.demand" "12 * $("$temp/barereader" --pids "$temp/busy" --passes 3 --interval-ms 1000 --show mean)"
  record "$name.round" "$round"
  started=${EPOCHREALTIME/,/.}
  start_agent "$temp/agent.yaml"
  from=$(cpu_ns "$agent") || exit 2
  watch_agent "$3"
  record "$name.cpu" "($(cpu_ns "$agent") - $from) / 1e6 / $3 * 60"
  figures_of_watching "$name" "$started"

  heading "cpu_budget $1, interval 5s, $total processes, $(wc -l <"$temp/busy") of them busy, $3 s"
  row_most "$name.minute" "rollups, CPU ms in a minute after the first: budget + a read" "$(awk "BEGIN { print int($2 + $largest + 1) }")"
  row "$name.demand" "the same if each busy process were read in each pass"
  row "$name.cpu" "the whole agent, CPU ms a minute, our scrapes included"
  row "$name.cover" "all were measured after, s: two rounds by doctor and a pass" "$(awk "BEGIN { print int(2 * $round + 6) }")"
  row "$name.round" "one round of all of them by doctor, s"
  row_most "$name.left" "processes without a value for want of budget, from then on" "$(allowed_left)"
  row_most "$name.age" "oldest rollup in a sum of a group without giants, s" 300
  row_most "$name.age_of_all" "oldest rollup in any sum, s" "$(awk -v rare="$(most "$name.rare")" 'BEGIN { print (rare * 1.1 > 300 ? int(rare * 1.1 + 1) : 300) }')"
  row "$name.giants" "giants at a time"
  row "$name.rare" "how rarely one of them is read at most, s"
  row_most "$name.long" "reads longer than 100 ms, the first bound above max_read x 1.5" "$(most "$name.giants")"
  row "$name.longish" "reads longer than max_read"
  note "one read of the largest process: $largest ms of CPU"
  grep -E '^(cost|budget|missing|rare)' "$temp/doctor.out" | sed 's/^/  doctor: /'
  [[ -z ${KEEP:-} ]] || cp "$temp/watched" "$KEEP/$name.watched"
  end_process "$agent"
}

measure_budget() { # at the default budget and at a tenth of it
  local each seconds=$((${MINUTES:-7} * 60))
  printf '\n'
  start_sizes
  measure_budget_of 1% 600 "$seconds"
  measure_budget_of 0.1% 60 "$seconds"
  for each in "${loads[@]}"; do end_process "$each"; done
}
