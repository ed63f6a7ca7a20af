#!/usr/bin/env bash
# Copies the rules and dashboards of the project into the chart, which cannot read outside itself. A test fails while they differ.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# copy FROM TO PATTERN: TO holds the files of FROM that match, and nothing else.
copy() {
  mkdir -p "$2"
  find "$2" -type f -delete
  [ -d "$1" ] || return 0
  find "$1" -maxdepth 1 -type f -name "$3" -exec cp -t "$2" {} +
}
copy ../../alerts mapagent/files/alerts '*.rules.yml'
copy ../../dashboards mapagent/files/dashboards '*.json'
