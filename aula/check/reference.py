"""The author guide's page of rules, written from the rules themselves; run as a program it prints the page."""

from collections.abc import Iterator

from aula.check.rule import Rule
from aula.check.rules import ALL

START = """# What is checked

`aula check` says what is wrong with a course before any trainee sees it: the file, the line, and what helps. This
page is written from the rules themselves; `aula explain RULE` prints one of them.

```console
$ aula check                        # every course
$ aula check hpc-and-slurm --fast   # one, without what executes or grades: about a second
$ aula check --rule alt-text --rule data-cards
$ aula explain                      # all rules
$ aula explain public-tests         # one of them
```

It ends with 0 where there is nothing to mend, and with 1 otherwise. `--json` prints one object. `--junit FILE` writes
a report for continuous integration. `--github` prints annotations, which GitHub shows beside the lines of a pull
request.

## How notebooks are tried

Every lesson and every solved assignment runs from top to bottom, on two cores, with no network but its own loopback,
within its time limit and 4 GB. What counts is the time that it computes, or the time by the clock where that is less:
a busy machine is no fault. A warning is a failure. A lesson that has a size or a seed then runs again with another:
the values of the set `second` in `course.yml`, or else of the first set that asks for no `device` or `backend`, and
with another hash seed of Python. The report has the time and memory of each run. What ran clean is kept in
`build/check-kept`, and runs again only where something changed that it depends on.

A lesson that hands work to Slurm needs a cluster, and is not executed here: the report says so. To refuse the network
takes root, or a system that permits unprivileged user namespaces; where there is neither, the report says so too.

## How grading is proved

The course is released into a folder of its own. There the stock nbgrader grades your solution, which has to earn every
point, and the student version as it came, which has to earn none. Then come wrong answers: those that you keep in
`mutants/`, and mistakes that a program makes in your solution. It leaves out a statement, or a line of a text such as a
job script, turns a comparison round, returns 0, or makes a number larger or smaller by one. The **mutation score** is
the share of these that your tests notice.

Wrong answers are graded a quick way: the cells run in order in one process, and each wrong answer in a fork of it,
with 10 s and 4 GiB. The quick way is trusted only where it agrees with nbgrader, test by test, on your solution and on
the student version. Where it does not, nbgrader grades your own wrong answers, and the report says that there is no
mutation score.

A mistake that changes nothing, as a default that no call uses, cannot be noticed. Hence 90 %, and not 100 %.

"""


def page() -> str:
    """Return the page as Markdown: a table of all rules, then each with its examples."""
    rows = [f"| [`{rule.name}`](#rule-{rule.name}) | {rule.title}{' (slow)' if rule.slow else ''} |" for rule in ALL]
    table = "\n".join(["## All rules", "", "| rule | what it wants |", "|---|---|", *rows])
    slow = "Slow rules execute or grade. They run after the others, and `--fast` leaves them out."
    return START + f"{table}\n\n{slow}\n" + "".join(line for rule in ALL for line in _rule(rule))


def _rule(rule: Rule) -> Iterator[str]:
    yield f"\n(rule-{rule.name})=\n### {rule.name}\n\n{rule.why}\n\n"
    for title, example in (("Bad", rule.bad), ("Good", rule.good)):
        yield f"{title}:\n\n~~~text\n{example}\n~~~\n\n"
    yield f"{rule.remedy}\n"


if __name__ == "__main__":
    print(page(), end="")
