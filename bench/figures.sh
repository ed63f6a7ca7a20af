# shellcheck shell=bash disable=SC2154,SC2034
# Sourced by run.sh: figures, one per pair in a file, and the table made of them.

missed=0

calc() { # EXPRESSION, of awk
  awk "BEGIN { printf \"%.4f\n\", ($1) }"
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

least() { # NAME
  sort -g "$temp/$1.figures" | head -n 1
}

most() { # NAME
  sort -g "$temp/$1.figures" | tail -n 1
}

heading() { # TITLE [LAST COLUMN]
  printf '\n%-66s %3s %9s %9s %9s %8s\n' "$1" n median min max "${2:-bound}"
}

row_most() { # NAME LABEL BOUND: PASS or FAIL by the greatest, where a single miss is one too many
  row "$1" "$2" "$3" most
}

row() { # NAME LABEL [BOUND [most]]: with a bound, PASS or FAIL by the median
  local n m least greatest judged verdict=
  if [[ ! -s $temp/$1.figures ]]; then
    printf '%-66s %s\n' "  $2" "no figures: FAIL"
    missed=1
    return
  fi
  read -r n m least greatest < <(summary "$1")
  if [[ -n ${3:-} ]]; then
    verdict=PASS
    judged=$m
    [[ ${4:-} != most ]] || judged=$greatest
    if awk "BEGIN { exit !($judged > $3) }"; then
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

# Mann-Whitney's rank test, two-sided, by the normal approximation with corrections for ties and continuity: good
# enough from 5 values on either side.
rank_p() { # FILE FILE: the probability that two equal conditions would differ by so much
  { sed 's/$/ a/' "$1"; sed 's/$/ b/' "$2"; } | sort -g | awk '
    { value[NR] = $1; side[NR] = $2; count[$2]++ }
    END {
      for (i = 1; i <= NR; i = j) {
        for (j = i; j <= NR && value[j] == value[i]; j++) { }
        tied = j - i
        ties += tied * tied * tied - tied
        for (k = i; k < j; k++) if (side[k] == "a") ranks += (i + j - 1) / 2
      }
      n = count["a"]; m = count["b"]
      u = ranks - n * (n + 1) / 2
      off = u - n * m / 2
      off = (off < 0 ? -off : off) - 0.5
      spread = sqrt(n * m / 12 * (NR + 1 - ties / (NR * (NR - 1))))
      print spread == 0 || off <= 0 ? "1.000" : sprintf("%.3f", 2 * tail(off / spread))
    }
    # Abramowitz and Stegun 26.2.17: the upper tail of the normal distribution, to 1e-7.
    function tail(z, t) {
      t = 1 / (1 + 0.2316419 * z)
      return exp(-z * z / 2) / sqrt(8 * atan2(1, 1)) * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    }'
}
