#!/bin/bash
# Writes src/MapAgent/order.txt anew: the functions that run in every pass and scrape, which the compiler then puts together.
# Why: docs/decisions/0007. Run it when `dotnet test` says that too many of its names are gone; the binary must be published.
#
#   bench/order.sh             # as root; two minutes
#
# Environment: MAPAGENT (the binary; its symbols lie beside it as mapagent.dbg).

set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mapagent=${MAPAGENT:-$here/../artifacts/publish/mapagent}
temp=$(mktemp -d)
trap end_everything EXIT
trap 'exit 2' INT TERM HUP
# shellcheck source=processes.sh
source "$here/processes.sh"

[[ -e $mapagent.dbg ]] || broken "$mapagent.dbg is missing: dotnet publish src/MapAgent -c Release -o artifacts/publish"
build_tools
package_for nm binutils
gcc -std=c11 -O2 -Wall -Wextra -Werror -o "$temp/entered" "$here/entered.c" || broken "entered.c does not compile"

# Managed code has a section of its own; addresses are those of a program that is loaded at 0.
section=$(readelf -SW "$mapagent" | sed -n 's/.* __managedcode *PROGBITS *\([0-9a-f]*\) *[0-9a-f]* *\([0-9a-f]*\) .*/\1 \2/p')
read -r from size <<<"$section"
[[ -n ${size:-} ]] || broken "$mapagent has no section __managedcode"
nm -n --defined-only "$mapagent.dbg" | awk -v from="$((16#$from))" -v to="$((16#$from + 16#$size))" '
  BEGIN { for (i = 0; i < 16; i++) digit[substr("0123456789abcdef", i + 1, 1)] = i }
  $2 ~ /[tT]/ { v = 0; for (i = 1; i <= length($1); i++) v = v * 16 + digit[substr($1, i, 1)]; if (v >= from && v < to) print $1, $3 }' >"$temp/functions"

cat >"$temp/agent.yaml" <<YAML
process_names: [{name: "{{.Comm}}", comm: [$(comms 10)]}]
sampling: {interval: 1s, cpu_budget: 100%}
mappings: {interval: 10s}
YAML
mkfifo "$temp/stdin"
exec 9<>"$temp/stdin"
start_load 1000 10
start_agent "$temp/agent.yaml"
# After its second pass it lets go of what only the start needed. What runs from then on stays.
sleep 2
base=$(awk -v program="$(readlink -f "$mapagent")" '$6 == program && $3 == "00000000" { split($1, range, "-"); print range[1]; exit }' "/proc/$agent/maps")
"$temp/entered" "$agent" "$temp/functions" "$base" 90 >"$temp/order" &
entered=$!
for _ in $(seq 60); do
  curl -fsS --max-time 20 -o "$temp/body" --compressed "$agent_url/metrics"
  curl -fsS --max-time 20 -o "$temp/body" "$agent_url/metrics"
  curl -fsS --max-time 20 -o "$temp/body" -H 'Accept: application/openmetrics-text;version=1.0.0' "$agent_url/metrics"
  sleep 1
done
wait "$entered" || broken "the functions could not be followed"
curl -fsS -o "$temp/body" "$agent_url/-/healthy" || broken "the agent did not live through it"
[[ $(wc -l <"$temp/order") -gt 1000 ]] || broken "only $(wc -l <"$temp/order") functions were entered"
mv "$temp/order" "$here/../src/MapAgent/order.txt"
# The build does not see that its order has changed.
rm -f "$here"/../src/MapAgent/obj/Release/*/*/native/mapagent.o
echo "src/MapAgent/order.txt has $(wc -l <"$here/../src/MapAgent/order.txt") of $(wc -l <"$temp/functions") functions; publish again"
