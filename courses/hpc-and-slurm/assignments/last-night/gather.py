# Puts the routes of the vans together and writes result.json. It fails where one is not done.
#
# Usage: python3 gather.py ROUNDS

import json
import sys
from pathlib import Path

vans = [json.loads(path.read_text()) for path in sorted(Path().glob("van-*.json"))]
rounds = int(sys.argv[1])
if len(vans) != 2 or any(van["done"] != rounds for van in vans):
    sys.exit(f"gather: not done: {[van['done'] for van in vans]} of {rounds} rounds")
result = {"vans": len(vans), "rounds": rounds, "starts": max(van["starts"] for van in vans)}
result["km"] = round(sum(van["km"] for van in vans), 3)
Path("result.json").write_text(json.dumps(result))
print(f"gather: {result}")
