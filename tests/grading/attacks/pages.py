"""Line 19: HTML, SVG and JavaScript in a submission, for whoever opens it or its feedback."""

from tests.grading.hostile import Hostile

TITLE = "planted-title-{}"
SCRIPT = "document.title = `{0}`; parent.document.title = `{0}`; top.document.title = `{0}`"


def _shown(number: int, name: str, source: str) -> Hostile:
    """A cell that shows something; it says SCRIPT where the script stands."""
    title = TITLE.format(number)
    return Hostile(name, 19, first=source.replace("SCRIPT", SCRIPT.format(title)), title=title)


def _written(number: int, name: str, text: str) -> Hostile:
    """A written answer, which a person reads in the formgrader."""
    title = TITLE.format(number)
    return Hostile(name, 19, answers={"advice": text.replace("SCRIPT", SCRIPT.format(title))}, title=title)


ATTACKS = (
    _shown(1, "HTML with a script", 'from IPython.display import HTML\nHTML("<script>SCRIPT</script>")'),
    _shown(2, "JavaScript as an output", 'from IPython.display import Javascript\nJavascript("SCRIPT")'),
    _shown(
        3,
        "SVG with a script",
        "from IPython.display import SVG\n"
        'SVG(\'<svg xmlns="http://www.w3.org/2000/svg" onload="\' + """SCRIPT""" + \'"><circle r="9"/></svg>\')',
    ),
    _shown(
        4,
        "an image that fails",
        'from IPython.display import HTML\nHTML(\'<img src="x:" onerror="\' + """SCRIPT""" + \'">\')',
    ),
    _shown(
        5,
        "Markdown with a script",
        'from IPython.display import Markdown\nMarkdown("<script>SCRIPT</script>[x](javascript:SCRIPT)")',
    ),
    _shown(
        6,
        "LaTeX that ends",
        'from IPython.display import Latex\nLatex("$</script><script>SCRIPT</script>$")',
    ),
    _shown(7, "a script that is printed", 'print("</pre></div><script>SCRIPT</script>")'),
    _shown(8, "an error with a script", 'raise ValueError("</pre></div><script>SCRIPT</script>")'),
    _shown(
        9,
        "a table whose cells are a script",
        'display({"text/html": "<table><td onmouseover=1><script>SCRIPT</script></td></table>"}, raw=True)',
    ),
    _shown(
        10,
        "a bundle of kinds that nobody knows",
        'display({"application/javascript": "SCRIPT", '
        '"text/html": "<iframe srcdoc=\'<script>SCRIPT</script>\'></iframe>", '
        '"application/vnd.planted+json": {"html": "<script>SCRIPT</script>"}}, raw=True)',
    ),
    Hostile(
        "a message of an answer with a script",
        19,
        answers={
            "smooth": f'def smooth(*_):\n    raise ValueError("<script>{SCRIPT.format(TITLE.format(11))}</script>")\n'
        },
        title=TITLE.format(11),
    ),
    _written(12, "a written answer with a script", "All is well. <script>SCRIPT</script>"),
    _written(13, "a written answer with an image", 'All is well. <img src="x:" onerror="SCRIPT">'),
    _written(
        14, "a written answer that leaves its frame", '</div></div><form action="/hub/logout"><svg onload="SCRIPT">'
    ),
)
