"""What a benchmark found: ours beside the peers, from the same run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

OURS = "aula"
BAR = 40


@dataclass(frozen=True)
class Report:
    """The samples of each contestant, taken in turn in one run; less is better.

    `checked` is computed from comparing what the contestants produced. `simulated` is true where anything was.
    `apart` is what every sample contains and none of the contestants can help, as the batch system's own waiting.
    """

    name: str
    what: str
    unit: str
    samples: Mapping[str, Sequence[float]]
    checked: bool
    simulated: bool = False
    apart: float = 0.0
    configuration: Mapping[str, Any] = field(default_factory=dict)

    @property
    def peers(self) -> list[dict[str, Any]]:
        """Each peer's median, and how many times better ours is; also without what none of them can help."""
        medians = {who: median(values) for who, values in self.samples.items()}
        ours = medians.pop(OURS)
        return [
            {"peer": peer, "value": round(value, 3), "ratio": round(value / ours, 2)}
            | ({"ratio_apart": round((value - self.apart) / (ours - self.apart), 2)} if self.apart else {})
            for peer, value in medians.items()
        ]

    def write(self, folder: Path) -> Path:
        """Write the report as JSON and return where it is."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        content = {
            "name": self.name,
            "what": self.what,
            "n": min(len(values) for values in self.samples.values()),
            "unit": self.unit,
            "ours": round(median(self.samples[OURS]), 3),
            "apart": round(self.apart, 3),
            "peers": self.peers,
            "checked": self.checked,
            "simulated": self.simulated,
            "configuration": self.configuration,
            "samples": {peer: [round(value, 3) for value in values] for peer, values in self.samples.items()},
        }
        path.write_text(json.dumps(content, indent=2) + "\n")
        return path

    def table(self) -> str:
        """Return the medians with their span as bars, for a terminal."""
        ratios = {str(row["peer"]): f"{row['ratio']:.2f} times as long as ours" for row in self.peers}
        longest = max(median(values) for values in self.samples.values())
        wide = max(map(len, self.samples))
        lines = [self.what]
        for peer, values in self.samples.items():
            middle = median(values)
            bar = "█" * max(1, round(BAR * middle / longest))
            span = f"{min(values):.2f} to {max(values):.2f}"
            lines.append(f"  {peer:<{wide}} {bar:<{BAR}} {middle:.2f} {self.unit} ({span})  {ratios.get(peer, '')}")
        if self.apart:
            without = ", ".join(f"{row['peer']} {row['ratio_apart']:.2f}" for row in self.peers)
            lines.append(f"  Without the {self.apart:.2f} {self.unit} that none of them can help: {without} times.")
        if not self.checked:
            lines.append("  NOT COMPARABLE: the contestants did not produce the same.")
        return "\n".join(line.rstrip() for line in lines)
