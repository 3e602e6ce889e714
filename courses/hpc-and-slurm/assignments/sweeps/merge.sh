#!/bin/bash
#SBATCH --job-name=merge
#SBATCH --ntasks=1
#SBATCH --mem=50M
#SBATCH --time=00:01:00
#SBATCH --output=merge-%j.out

set -euo pipefail
cat part-*.json > night.txt
echo "$(wc -l < night.txt) shops are merged"
