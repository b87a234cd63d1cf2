# shellcheck shell=bash
# How the test scripts run their parts: each is timed, a failure does not end the run, and the end is a table of minutes and one line,
# `N passed, N failed`. A check or build that fails counts as one failure; the numbers are otherwise those of the tests. Sourced.

passed=0
failed=0
logs=$(mktemp -d)
times=()

# Background processes end with the script.
clean_up() {
    local jobs
    jobs=$(jobs -p)
    # shellcheck disable=SC2086 # One word a job.
    [ -z "$jobs" ] || kill $jobs 2>/dev/null
    rm -rf "$logs"
}
trap clean_up EXIT

# part NAME COMMAND…: runs it and keeps its time. A function that counts its own failures answers 0.
part() {
    local name=$1 status mark='' before=$failed start=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    status=$?
    if [ $status -ne 0 ]; then
        failed=$((failed + 1))
        echo "$name: $*" >>"$logs/failures"
    fi
    [ "$failed" -eq "$before" ] || mark='  FAILED'
    times+=("$(printf '%4d:%02d  %s%s' $(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)) "$name" "$mark")")
    return $status
}

# not_run NAME…: parts that something before them keeps from running.
not_run() {
    local name
    for name in "$@"; do times+=("      -  $name  NOT RUN"); done
}

# Adds up the numbers on standard input, one per line; nothing is zero.
sum() { awk '{ sum += $1 } END { print sum + 0 }'; }

# rust_tests COMMAND…: a command that runs `cargo test`, counted.
rust_tests() {
    local log status ok bad
    log=$(mktemp "$logs/XXXXXX")
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    ok=$(sed -n 's/^test result: .* \([0-9]*\) passed; .*/\1/p' "$log" | sum)
    bad=$(sed -n 's/^test result: .* \([0-9]*\) failed; .*/\1/p' "$log" | sum)
    sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log" >>"$logs/failures"
    # It did not compile, a test ended the whole process, or there was none.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then bad=1; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# browser_tests NAME ARGUMENT…: Playwright with these arguments, counted. What failed leaves its traces in end2end/test-results/NAME.
# None is repeated: one that fails now and then has failed.
browser_tests() {
    local report status ok bad name=$1
    shift
    report=$(mktemp "$logs/XXXXXX")
    (cd end2end && PLAYWRIGHT_JSON_OUTPUT_NAME="$report" npx playwright test --output "test-results/$name" "$@")
    status=$?
    if [ -s "$report" ]; then
        read -r ok bad < <(node -e '
            const report = JSON.parse(require("node:fs").readFileSync(process.argv[1]));
            const { expected, flaky, unexpected } = report.stats;
            console.log(expected, flaky + unexpected);
            const walk = (suite, above) => {
                for (const inner of suite.suites ?? []) walk(inner, [...above, inner.title]);
                for (const spec of suite.specs ?? []) {
                    if (spec.ok) continue;
                    const error = spec.tests.flatMap((test) => test.results).find((result) => result.error)?.error.message ?? "";
                    // The first lines say what was expected; colours and call logs do not belong into a list.
                    const lines = error.replace(/\x1b\[[0-9;]*m/g, "").split("\n").filter((line) => line.trim()).slice(0, 4);
                    console.error([...above, spec.title].join(" › ") + lines.map((line) => `\n    ${line.slice(0, 200)}`).join(""));
                }
            };
            walk(report, []);' "$report" 2>>"$logs/failures")
    fi
    # There is no report, or half a one.
    ok=${ok:-0} bad=${bad:-0}
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then bad=1; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# The end: the minutes of each part, what failed, and the line. What failed stands last, because whoever keeps only the end of a log
# looks for it there.
finish() {
    [ ! -s "$logs/remarks" ] || { echo; cat "$logs/remarks"; }
    printf '\nMinutes\n'
    printf '%s\n' "${times[@]}" "$(printf '%4d:%02d  in all' $((SECONDS / 60)) $((SECONDS % 60)))"
    [ ! -s "$logs/failures" ] || { printf '\nFailed\n'; sed 's/^/  /' "$logs/failures"; }
    printf '\n%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}
