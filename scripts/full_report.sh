#!/usr/bin/env bash
# The full report of an experiment, in one command: three seeds of its model, three of its text-only ablation (source and
# target hidden), all baselines and all perturbation tests. Model and ablation are trained side by side, one thread each.
# Settings of data, split, audit, model and output_root go to every command, those of training to train, those of
# baselines and evaluation to evaluate.
#
#   bash scripts/full_report.sh newsmtsc data.path=FOLDER
set -euo pipefail
if [ $# -eq 0 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0"
  exit 2
fi
experiment=$1
shift
PATH="$(cd "$(dirname "$0")/.." && pwd)/.venv/bin:$PATH"
export OMP_NUM_THREADS=1
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

# A command refuses settings that it does not use, so each setting goes to the commands that use it. The experiment opens
# each array, as an empty one counts as unset in bash 3.2.
root=outputs
common=("experiment=$experiment")
training=("experiment=$experiment")
evaluation=("experiment=$experiment")
# The teacher sees source and target, so the text-only ablation has none; the model is then trained without it as well.
[[ $experiment == quickstart* ]] && training+=('training.teacher=[]')
for setting in "$@"; do
  case $setting in
    training=* | training.*) training+=("$setting") ;;
    baselines=* | baselines.* | evaluation=* | evaluation.*) evaluation+=("$setting") ;;
    *) common+=("$setting") && training+=("$setting") && evaluation+=("$setting") ;;
  esac
  [[ $setting == output_root=* ]] && root=${setting#*=}
done

# The name is new each time, so that the report never takes in the runs of an earlier one.
name=${experiment}_full_$(date +%Y%m%d_%H%M%S)
stancelab prepare "${common[@]}"
for seed in 0 1 2; do
  stancelab train "${training[@]}" "name=$name" "seed=$seed" &
  model=$!
  stancelab train "${training[@]}" "name=${name}_text_only" "seed=$seed" \
    'model.input.hide=[source,target]' model.name=text_only &
  ablation=$!
  wait "$model"
  wait "$ablation"
done
stancelab evaluate "${evaluation[@]}" "name=$name" 'evaluation.perturbations=[all]' \
  "checkpoint=[$root/train/$name,$root/train/${name}_text_only]"
