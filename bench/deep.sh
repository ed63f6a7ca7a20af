# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: what a deep read costs, of one process with many mappings.

start_deep() { # MAPPINGS: sets load, and temp/pids
  : >"$temp/deep.out"
  input=$temp/stdin TMPDIR=$temp launch deep "$temp/deepload" --mappings "$1" --files "$(($1 / 10))"
  load=$pid
  echo "$load" >"$temp/pids"
  until grep -q ready "$temp/deep.out"; do
    kill -0 "$load" 2>/dev/null || broken "deepload failed: $(cat "$temp/deep.err")"
    sleep 0.05
  done
}

whole_ms() { # COMMAND...: CPU milliseconds of a run of it, its start and all; its output goes to temp/whole
  local TIMEFORMAT='%3U %3S' user system
  read -r user system < <({ time "$@" >"$temp/whole" 2>"$temp/whole.err"; } 2>&1)
  [[ -s $temp/whole ]] || broken "$1 said nothing: $(tail -n 3 "$temp/whole.err")"
  calc "($user + $system) * 1000"
}

inside() { # OBJECT KEY: a number in the last output of inspect
  awk -v object="\"$1\"" -v key="\"$2\":" '
    index($0, object) { found = 1 }
    found && $1 == key { sub(/,$/, "", $2); print $2; exit }' "$temp/whole"
}

measure_deep() { # COUNT
  local k name=deep whole bare_ms read_ms pmap_ms smem_ms
  package_for pmap procps
  package_for smem smem
  start_deep "$1"
  for ((k = 0; k < pairs; k++)); do
    bare_ms=$("$temp/barereader" --pids "$temp/pids" --smaps --show median) || broken "the bare reader failed"
    pmap_ms=$(whole_ms pmap -X "$load")
    smem_ms=$(whole_ms smem -m -P "^$temp/deepload")
    whole=$(whole_ms "$mapagent" inspect "$load" --format=json)
    read_ms=$(calc "$(inside smaps_read cpu_seconds) * 1000")
    record $name.bare "$bare_ms"
    record $name.read "$read_ms"
    record $name.pmap "$pmap_ms"
    record $name.smem "$smem_ms"
    record $name.whole "$whole"
    record $name.per_bare "$read_ms / $bare_ms"
    record $name.per_pmap "$read_ms / $pmap_ms"
    record $name.per_smem "$read_ms / $smem_ms"
    record $name.whole_per_pmap "$whole / $pmap_ms"
    record $name.whole_per_smem "$whole / $smem_ms"
  done
  heading "deep read of a process with $(inside mappings mappings) mappings"
  row $name.per_bare "deep read / bare read of its smaps" 1.25
  row $name.per_smem "deep read / smem -m of the same process" 0.2
  row $name.per_pmap "deep read / pmap -X of the same process" 0.2
  row $name.whole_per_smem "a whole run of inspect / smem -m"
  row $name.whole_per_pmap "a whole run of inspect / pmap -X"
  row $name.read "deep read, CPU ms"
  row $name.bare "bare read, CPU ms"
  row $name.whole "inspect, CPU ms of the whole run, smaps_rollup and JSON too"
  row $name.pmap "pmap -X, CPU ms of the whole run"
  row $name.smem "smem -m, CPU ms of the whole run"
  local told summed
  told=$(awk '/"kinds":/ { kinds = 1 } /"advice_bytes":/ { kinds = 0 } kinds && $1 == "\"rss_bytes\":" { sum += $2 } END { printf "%.0f\n", sum }' "$temp/whole")
  summed=$(awk '/^Rss:/ { sum += $2 } END { printf "%.0f\n", sum * 1024 }' "/proc/$load/smaps")
  require "the kinds of inspect add up to $told bytes, smaps to $summed" "$told == $summed"
  end_process "$load"
}
