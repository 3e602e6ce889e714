"""The cards of courses: on the start page, and on the page of all courses."""

from html import escape
from urllib.parse import quote

from aula.catalogue import Course
from aula.locale import message, translated
from aula.locale.languages import DEFAULT
from aula.press.measures import minutes


def start(text: str, courses: tuple[Course, ...], language: str = DEFAULT) -> str:
    """Return the start page, with a card for each course where its text asks for them."""
    return text.replace("<!-- courses -->", cards([_card(course, language) for course in courses]))


def _card(course: Course, language: str) -> str:
    number, time = len(course.lessons), minutes(course.contract.minutes)
    said = message("{number} lessons, about {time}", number=number, time=time)
    if number == 1:
        said = message("One lesson, about {time}", time=time)
    return card(course, translated(said, language), language)


def card(course: Course, facts: str, language: str = DEFAULT) -> str:
    """Return the card of a course, which leads to its first page; facts are in a language, the rest is English."""
    english = "" if language == DEFAULT else f' lang="{DEFAULT}"'
    return (
        f'<a class="aula-card" href="courses/{quote(course.id)}/index.html"><strong{english}>{escape(course.title)}'
        f"</strong><span{english}>{escape(' '.join(course.contract.summary.split()))}</span>"
        f'<span class="aula-quiet">{escape(facts)}</span></a>'
    )


def cards(each: list[str]) -> str:
    """Return cards side by side; there is no blank line in it, which would end the HTML."""
    return "\n".join(['<div class="aula-courses">', *each, "</div>"])
