#!/usr/bin/env bash
# Runs everything that needs a CUDA device, from the folder that it lies in, and prints one table. Exit code: 0 when all checks pass, 1 when
# one fails, 77 without a device.
#
#   device_check.sh [GRAPH...]    more graphs for the benchmark of towers, e.g. lrx:15 where there are 100 GiB of device memory
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export LD_LIBRARY_PATH=$PWD/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}  # libraries need libraries, too
failed=0
row() { printf '%-44s %s\n' "$1" "$2"; }
check() {  # name, command...
  local name=$1 start=$SECONDS code=0
  shift
  "$@" > "log_${name// /_}.txt" 2>&1 || code=$?
  if [ $code -eq 77 ]; then
    row "$name" "$(tail -n 1 "log_${name// /_}.txt")"
    exit 77
  elif [ $code -eq 0 ]; then
    row "$name" "passed ($((SECONDS - start)) s)"
  else
    row "$name" "FAILED, exit code $code, see log_${name// /_}.txt"
    tail -n 20 "log_${name// /_}.txt"
    failed=1
  fi
}

check "kernels against the CPU" ./test_device -d yes
check "published layers" ./device_benchmark lrx:12 lrx:13 pancake:13 --if-room lrx:14 pancake:14 "$@"
sed 's/^/  /' log_published_layers.txt
check "beams" ./device_beam_benchmark
sed 's/^/  /' log_beams.txt
check "frontier, walks, networks" ./device_rates
sed 's/^/  /' log_frontier,_walks,_networks.txt
same_growth() {  # both backends give the same result, and the device was used
  local device cpu
  device=$(./cosetta growth "$1" --backend cuda --json) && cpu=$(./cosetta growth "$1" --backend cpu --json) || return 1
  [[ $device == *'"backend":"cuda"'* ]] && [ "${device%%\"run\"*}" = "${cpu%%\"run\"*}" ]
}
check "the program, lrx:12" same_growth lrx:12
check "the program, rubik_cube:2" same_growth rubik_cube:2
row "backends" ""
./cosetta backends | sed 's/^/  /'
exit $failed
