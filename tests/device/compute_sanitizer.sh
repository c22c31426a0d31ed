#!/usr/bin/env bash
# The tests of device kernels under NVIDIA's compute-sanitizer: accesses, races in shared memory, barriers, reads of what nobody wrote.
#
#   compute_sanitizer.sh PATH/test_device [TEST NAME]     77 where there is no device or no compute-sanitizer
set -euo pipefail
program=${1:?usage: compute_sanitizer.sh PATH/test_device [TEST NAME]}
shift
command -v compute-sanitizer > /dev/null || { echo "skipped: compute-sanitizer is not installed"; exit 77; }
code=0
"$program" --help > /dev/null || code=$?
[ $code -ne 77 ] || { echo "skipped: no device"; exit 77; }
for tool in memcheck racecheck synccheck initcheck; do
  echo "== $tool"
  compute-sanitizer --tool "$tool" --error-exitcode 1 "$program" "$@"
done
