# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: what it costs to look at many /dev/shm every second, and at one with very many names.

start_space() { # OPTIONS OF THE MOUNT: sets space, a process in a mount namespace of its own with a tmpfs on /dev/shm
  launch "space$((spaces += 1))" unshare -m --propagation private sh -c 'mount -t tmpfs -o "$1" tmpfs /dev/shm && exec sleep infinity' sh "$1"
  space=$pid
  until grep -qs '^sleep$' "/proc/$space/comm"; do
    kill -0 "$space" 2>/dev/null || broken "no mount namespace: $(cat "$temp/space$spaces.err")"
    sleep 0.01
  done
}

shm_config() { # FILE SAMPLING SHM: the agent's defaults but for the two intervals
  printf 'sampling: { interval: %s }\nshm: { interval: %s }\n' "$2" "$3" >"$1"
}

mounts_seen() { # URL
  scrape "$1" "$temp/mounts"
  grep -c '^mapagent_shm_size_bytes{' "$temp/mounts"
}

measure_clock() { # COUNT: CPU of looking at so many mounts every second, between two passes
  local count=$1 k fast fast_url slow from_fast from_slow to_fast to_slow began took all=()
  for ((k = 0; k < count; k++)); do
    start_space size=1m
    all+=("$space")
  done
  shm_config "$temp/fast.yaml" 40s 1s
  shm_config "$temp/slow.yaml" 40s 1h
  start_agent "$temp/fast.yaml"
  fast=$agent fast_url=$agent_url
  start_agent "$temp/slow.yaml"
  slow=$agent
  for ((k = 0; k < ${WINDOWS:-5}; k++)); do
    cpu_ns "$slow" --after-work 3 >/dev/null || exit 2 # both have just made a pass, the next is far
    from_fast=$(cpu_ns "$fast") || exit 2
    from_slow=$(cpu_ns "$slow") || exit 2
    began=${EPOCHREALTIME/,/.}
    sleep 30
    to_fast=$(cpu_ns "$fast") || exit 2
    to_slow=$(cpu_ns "$slow") || exit 2
    took=$(calc "${EPOCHREALTIME/,/.} - $began")
    # Not all namespaces are looked into in the first pass.
    (($(mounts_seen "$fast_url") >= count)) || continue
    record shm.clock "(($to_fast - $from_fast) - ($to_slow - $from_slow)) / 1e6 / $took"
    record shm.fast "($to_fast - $from_fast) / 1e6 / $took"
    record shm.slow "($to_slow - $from_slow) / 1e6 / $took"
  done
  heading "the clock of 1 s, $count shm mounts"
  row shm.clock "CPU ms a second, looking every second - looking once an hour" 1
  row shm.fast "the whole agent between two passes, every second"
  row shm.slow "the whole agent between two passes, once an hour"
  note "$(mounts_seen "$fast_url") mounts seen"
  require "the mounts were not all seen" "$(mounts_seen "$fast_url") >= $count"
  end_process "$fast"
  end_process "$slow"
  for k in "${all[@]}"; do end_process "$k"; done
}

pass_ms() { # duration of a pass in the last window
  local family=mapagent_pass_duration_seconds_sum
  calc "($(sample "$temp/after" $family) - $(sample "$temp/before" $family)) * 1e3 / $window_passes"
}

measure_names() { # COUNT: what a mount with so many names adds to a pass
  local count=$1 k without without_duration what=mapagent_truncations_total
  shm_config "$temp/agent.yaml" 1s 1s
  start_agent "$temp/agent.yaml"
  for ((k = 0; k < pairs; k++)); do
    agent_window 3
    without=$window_ms
    without_duration=$(pass_ms)
    start_space size=16m,nr_inodes=0
    (cd "/proc/$space/root/dev/shm" && seq -f 'name%.0f' "$count" | xargs touch) || broken "the names cannot be made"
    kill -CONT "$agent"
    wait_passes 2
    agent_window 3
    record shm.names "$window_ms - $without"
    record shm.names.duration "$(pass_ms) - $without_duration"
    record shm.names.with "$window_ms"
    record shm.names.without "$without"
    record shm.names.cut "($(sample "$temp/after" $what 'what="shm"') - $(sample "$temp/before" $what 'what="shm"')) / $window_passes"
    kill -CONT "$agent"
    end_process "$space"
    wait_passes 2
  done
  heading "a mount with $count names"
  row shm.names "CPU ms a pass, with it - without it" 50
  row shm.names.duration "ms a pass takes, with it - without it"
  row shm.names.with "CPU ms a pass with it"
  row shm.names.without "CPU ms a pass without it"
  row shm.names.cut "bounds that bit in a pass with it"
  require "the names were all listed, so no bound was tried" "$(least shm.names.cut) > 0"
  end_process "$agent"
}

measure_shm() {
  spaces=0
  measure_clock 100
  measure_names 100000
}
