#!/bin/bash
#SBATCH --job-name=forecast
#SBATCH --ntasks=1
#SBATCH --mem=50M
#SBATCH --time=00:01:00
#SBATCH --output=forecast-%A_%a.out

set -euo pipefail
echo "{\"shop\": $SLURM_ARRAY_TASK_ID, \"loaves\": $((60 + 3 * SLURM_ARRAY_TASK_ID))}" > "part-$SLURM_ARRAY_TASK_ID.json"
echo "shop $SLURM_ARRAY_TASK_ID is forecast"
