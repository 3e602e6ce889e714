"""What is left of HTML that a submission brings along."""

import pytest

from aula.web.aula_formgrader.cleaning import LEFT_OUT, html

PIXEL = "data:image/png;base64,iVBORw0KGgo="
STAYS = (
    "<p>a <b>b</b> &lt;c&gt; &amp; d</p>",
    '<table border="1" class="dataframe"><tbody><tr style="text-align: right;"><td>1</td></tr></tbody></table>',
    f'<img src="{PIXEL}" alt="a plot">',
    '<img src="plots/my%20plot.svg">',
    '<pre><code>a &lt; b</code></pre>',
)  # fmt: skip
GOES = {
    '<p id="answer" name="x" class="modal" onclick="f()">a</p>': "<p>a</p>",
    "a<script>b</script>c": f"ac{LEFT_OUT}",
    "a<script>b": f"a{LEFT_OUT}",
    "<style>p { display: none }</style>a": "a",
    "<style>p { display: none }": "",
    '<p style="position: fixed; color: red; background: url(x)">a</p>': '<p style="color: red;">a</p>',
    '<a href="javascript:f()">a</a>': "<a>a</a>",
    '<a href="/hub/logout">a</a>': "<a>a</a>",
    '<a href="//elsewhere.org">a</a>': "<a>a</a>",
    '<img src="https://elsewhere.org/a.png">': "<img>",
    '<img src="/hub/logout.png">': "<img>",
    '<img src="a/../../b.png">': "<img>",
    '<img src="next">': "<img>",
    '<img src="data:text/html;base64,PHA+">': "<img>",
    '<table class="navbar-fixed-top"></table>': "<table></table>",
    '<ol start="99999"></ol>': "<ol></ol>",
    '<svg onload="f()"><circle r="1"></circle></svg>': "",
    '<input value="a"><form action="b">c</form><iframe src="d"></iframe>': "\nc",
}


@pytest.mark.parametrize("text", STAYS)
def test_what_shows_something_stays(text: str) -> None:
    """Text, tables as pandas makes them, pictures in the page or beside the notebook, code."""
    assert html(text) == text


@pytest.mark.parametrize(("text", "left"), GOES.items())
def test_what_does_something_goes(text: str, left: str) -> None:
    """Scripts, handlers, ids, styles that move, addresses of the hub's or elsewhere that would be loaded."""
    assert html(text) == left


def test_a_link_opens_elsewhere() -> None:
    """And the page there learns nothing of where it was opened."""
    text = '<a href="https://example.org/a?b=1&amp;c=2">a</a>'
    assert html(text) == text.replace("<a ", '<a rel="noopener noreferrer" target="_blank" ')
