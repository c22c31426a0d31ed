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
  options=()
  # Hash tables are read while other threads of the block write to them, by atomic operations: a plain load of what an atomic operation wrote is
  # meant, and a hazard to racecheck, which sees no difference between it and a load that forgot a barrier.
  [ $tool != racecheck ] || options=(--kernel-name-exclude kernel_substring=find_fresh)
  compute-sanitizer --tool "$tool" "${options[@]}" --error-exitcode 1 "$program" "$@"
done
