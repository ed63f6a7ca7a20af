# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: figures, one per pair in a file, and the table made of them.

missed=0

calc() { # EXPRESSION, of awk
  awk "BEGIN { printf \"%.4f\n\", $1 }"
}

record() { # NAME EXPRESSION: one more figure of that name
  calc "$2" >>"$temp/$1.figures"
}

summary() { # NAME: how many, median, least, greatest
  sort -g "$temp/$1.figures" |
    awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print NR, m, v[1], v[NR] }'
}

median() { # NAME
  local n m least greatest
  read -r n m least greatest < <(summary "$1")
  echo "$m"
}

heading() { # TITLE
  printf '\n%-66s %3s %9s %9s %9s %8s\n' "$1" n median min max bound
}

row() { # NAME LABEL [BOUND]: with a bound, PASS or FAIL by the median
  local n m least greatest verdict=
  if [[ ! -s $temp/$1.figures ]]; then
    printf '%-66s %s\n' "  $2" "no figures: FAIL"
    missed=1
    return
  fi
  read -r n m least greatest < <(summary "$1")
  if [[ -n ${3:-} ]]; then
    verdict=PASS
    if awk "BEGIN { exit !($m > $3) }"; then
      verdict=FAIL
      missed=1
    fi
  fi
  printf '%-66s %3d %9.3f %9.3f %9.3f %8s %s\n' "  $2" "$n" "$m" "$least" "$greatest" "${3:+<= $3}" "$verdict"
}

note() {
  printf '  %s\n' "$*"
}

require() { # LABEL EXPRESSION, of awk: what must hold for the figures above to mean anything
  if awk "BEGIN { exit !($2) }"; then
    return
  fi
  note "$1: FAIL"
  missed=1
}
