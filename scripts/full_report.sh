#!/usr/bin/env bash
# The full report of an experiment, in one command: three seeds of its model, three of the text-only twin (source and
# target hidden), all baselines and all probes. Model and twin train side by side, one thread each.
#
#   bash scripts/full_report.sh newsmtsc_minilm data.path=FOLDER
set -euo pipefail
if [ $# -eq 0 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0"
  exit 2
fi
experiment=$1
shift
PATH="$(cd "$(dirname "$0")/.." && pwd)/.venv/bin:$PATH"
export OMP_NUM_THREADS=1
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

root=outputs
for setting in "$@"; do
  [[ $setting == output_root=* ]] && root=${setting#*=}
done

# A name of its own, so that the report never takes in the runs of an earlier one.
name=${experiment}_full_$(date +%Y%m%d_%H%M%S)
stancelab prepare "experiment=$experiment" "$@"
for seed in 0 1 2; do
  stancelab train "experiment=$experiment" "name=$name" "seed=$seed" "$@" &
  model=$!
  stancelab train "experiment=$experiment" "name=${name}_text_only" "seed=$seed" \
    'model.input.hide=[source,target]' model.name=text_only "$@" &
  twin=$!
  wait "$model"
  wait "$twin"
done
stancelab evaluate "experiment=$experiment" "name=$name" 'evaluation.probes=[all]' "$@" \
  "checkpoint=[$root/train/$name,$root/train/${name}_text_only]"
