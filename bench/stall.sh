# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: whether a process with much memory feels that it is measured.

start_victim() { # sets victim, victim_mib
  local most
  most=$(($(available_mib) * 40 / 100))
  victim_mib=${STALL_MIB:-8192}
  ((victim_mib <= most)) || victim_mib=$most
  : >"$temp/victim.out"
  launch victim "$temp/stall" --mib "$victim_mib" --comm "${prefix}0"
  victim=$pid
  echo "$victim" >"$temp/pids"
  until grep -q ready "$temp/victim.out"; do
    kill -0 "$victim" 2>/dev/null || broken "the victim failed: $(cat "$temp/victim.err")"
    sleep 0.1
  done
}

tally() { # sets tally: what the victim did since the last one
  local lines
  lines=$(wc -l <"$temp/victim.out")
  kill -USR1 "$victim"
  until (($(wc -l <"$temp/victim.out") > lines)); do sleep 0.02; done
  tally=$(tail -n 1 "$temp/victim.out")
}

alone() {
  sleep "$round_s"
}

# Between two reads: the end of one that was stopped would be far off, and the agent would call the victim a giant.
stop_quiet() { # PID
  cpu_ns "$1" >/dev/null || exit 2
  kill -STOP "$1"
}

with_agent() { # PID
  kill -CONT "$1"
  sleep "$round_s"
  stop_quiet "$1"
}

with_exporter() {
  local k
  for ((k = 0; k < round_s; k++)); do
    scrape "$peer_url" "$temp/peer"
    sleep 1
  done
}

with_blind() {
  "$temp/barereader" --pids "$temp/pids" --passes "$round_s" --interval-ms 1000 >"$temp/blind.out"
}

stall_round() { # CONDITION: one figure each of how many operations were slow, and of the worst
  local operations slow worst
  tally
  case $1 in
    alone) alone ;;
    agent) with_agent "$agent" ;;
    agent15) with_agent "$agent15" ;;
    peer) with_exporter ;;
    blind) with_blind ;;
  esac
  tally
  read -r operations slow worst <<<"$tally"
  record "stall.$1" "$slow * 1e6 / $operations"
  record "stall.$1.worst" "$worst / 1000"
}

start_stopped_agent() { # INTERVAL: sets agent, agent_url; it has read the victim once
  default_config 1 "$1"
  start_agent "$temp/agent.yaml"
  wait_measured 1 60 || note "the agent with interval $1 has not measured the victim after 60 s"
  stop_quiet "$agent"
}

share_read() { # URL PID SINCE: share of the time in which that agent was reading the victim
  kill -CONT "$2"
  scrape "$1" "$temp/scrape"
  stop_quiet "$2"
  calc "100 * $(sample "$temp/scrape" mapagent_rollup_read_seconds_sum) / (${EPOCHREALTIME/,/.} - $3)"
}

stall_row() { # CONDITION LABEL VERDICT: same, other or none, as compared with alone
  local n m least greatest p verdict=
  read -r n m least greatest < <(summary "stall.$1")
  p=$(rank_p "$temp/stall.alone.figures" "$temp/stall.$1.figures")
  case $3 in
    same) verdict=$(awk "BEGIN { print (($p > 0.05) ? \"PASS\" : \"FAIL\") }") ;;
    other) verdict=$(awk "BEGIN { print (($p > 0.05) ? \"FAIL\" : \"PASS\") }") ;;
  esac
  [[ $verdict != FAIL ]] || missed=1
  [[ $1 != alone ]] || p=
  printf '%-66s %3d %9.3f %9.3f %9.3f %8s %s\n' "  $2" "$n" "$m" "$least" "$greatest" "$p" "$verdict"
}

measure_stall() { # ROUNDS of each condition
  local conditions=(alone agent agent15 peer blind) round_s=6 k c agent15 agent15_url since since15
  start_victim
  since15=${EPOCHREALTIME/,/.}
  start_stopped_agent 15s
  agent15=$agent agent15_url=$agent_url
  since=${EPOCHREALTIME/,/.}
  start_stopped_agent 1s
  start_exporter "$temp/exporter.yaml"
  for ((k = 0; k < $1; k++)); do
    # Every condition comes in every place, so that none profits from what the machine does meanwhile.
    for ((c = 0; c < ${#conditions[@]}; c++)); do stall_round "${conditions[(k + c) % ${#conditions[@]}]}"; done
  done
  record stall.share "$(share_read "$agent_url" "$agent" "$since")"
  record stall.share15 "$(share_read "$agent15_url" "$agent15" "$since15")"
  heading "victim of $victim_mib MiB, operations slower than 5 ms per million" p
  stall_row alone "alone" none
  stall_row agent "the agent at defaults but interval 1s" same
  stall_row agent15 "the agent at defaults" same
  stall_row peer "process-exporter scraped every second" none
  stall_row blind "a blind reader every second" other
  heading "its slowest operation in a round, ms"
  row stall.alone.worst "alone"
  row stall.agent.worst "the agent at defaults but interval 1s"
  row stall.agent15.worst "the agent at defaults"
  row stall.peer.worst "process-exporter scraped every second"
  row stall.blind.worst "a blind reader every second"
  heading "share of the time in which the victim is being read, %"
  row stall.share "the agent at defaults but interval 1s" 0.5
  row stall.share15 "the agent at defaults" 0.5
  end_process "$agent"
  end_process "$agent15"
  end_process "$peer"
  end_process "$victim"
}
