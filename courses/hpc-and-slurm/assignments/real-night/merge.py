# Adds up what the tasks of forecast.py have left, and writes result.json. It fails where a shop is missing.
#
# Usage: python3 merge.py NUMBER_OF_SHOPS

import json
import sys
from pathlib import Path

parts = [json.loads(path.read_text()) for path in sorted(Path().glob("part-*.json"))]
loaves = {int(shop): number for part in parts for shop, number in part["loaves"].items()}
missing = [shop for shop in range(int(sys.argv[1])) if shop not in loaves]
if missing:
    sys.exit(f"merge: no forecast for the shops {missing}")
nodes = sorted({part["node"] for part in parts})
result = {"shops": len(loaves), "loaves": sum(loaves.values()), "tasks": len(parts), "nodes": nodes}
Path("result.json").write_text(json.dumps(result))
print(f"merge: {result}")
