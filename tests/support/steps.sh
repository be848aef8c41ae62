# Steps with their time, and a closing line that adds up what the test runners themselves counted.
# Sourced by tests/run.

passed=0 failed=0 current=

refuse() {
  echo "${0#"$PWD"/}: $1" >&2
  exit 2
}

# step NAME COMMAND…: the command's output as it comes, then its time. A failing command ends the run (set -e), and
# `closing` then names the step. The command is not called inside a condition, which would switch `set -e` off in it.
step() {
  current=$1
  local began=$SECONDS
  shift
  printf '\n── %s\n' "$current"
  "$@"
  printf '── %s: done in %d s\n' "$current" $((SECONDS - began))
  current=
}

# counted LOG COMMAND…: runs it, keeps its output, and adds its totals, also when it failed.
counted() {
  local log=$1 status=0
  shift
  "$@" 2>&1 | tee "$log" || status=$?
  add_totals "$log"
  return "$status"
}

# The lines `test result: ok. 3 passed; 0 failed; …` of cargo and `ℹ pass 3` of node.
add_totals() {
  local sums
  sums=$(awk '
    /^test result: / { for (i = 2; i <= NF; i++) { if ($i == "passed;") ok += $(i - 1); if ($i == "failed;") bad += $(i - 1) } }
    /^(ℹ|#) pass [0-9]+$/ { ok += $3 }
    /^(ℹ|#) (fail|cancelled) [0-9]+$/ { bad += $3 }
    END { print ok + 0, bad + 0 }' "$1")
  passed=$((passed + ${sums% *}))
  failed=$((failed + ${sums#* }))
}

closing() {
  if [[ $1 -ne 0 && -n $current ]]; then
    printf '\n%s stopped at "%s"; the lines above say why.\n' "tests/run" "$current"
  fi
  printf '\nwhole run: %d min %d s\n' $((SECONDS / 60)) $((SECONDS % 60))
  if ((passed + failed > 0)); then printf '%d passed, %d failed\n' "$passed" "$failed"; fi
}
