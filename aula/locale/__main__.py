"""`python -m aula.locale`: brings the catalogues up to date with the sources and says what is to be translated."""

from aula.locale.catalogues import path_of, read
from aula.locale.check import mistakes
from aula.locale.extraction import TRANSLATED, sources, update

if __name__ == "__main__":
    found = sources()
    for language in TRANSLATED:
        update(language, found)
        wrong = mistakes(found, read(language))
        print(f"{path_of(language)}: {len(found)} strings", *wrong, sep="\n  ")
