"""What a class needs installed: Debian's packages, environments, proxy, code. It alone needs the package registries."""

import json
from dataclasses import replace
from pathlib import Path

from deploy import code, environments, files, packages
from deploy.classroom import internal_tls, proxy
from deploy.command import run
from deploy.errors import SettingError
from deploy.progress import step
from deploy.settings import Settings
from deploy.site import Site


def up(settings: Settings) -> Settings:
    """Install what is missing. Return the settings, with the site as its description says it is today."""
    with step("Debian's packages"):
        packages.ensure(packages.CLUSTER if settings.cluster == "machine" else packages.SERVICE)
        packages.ensure_node()
    with step("Python environment: hub"):
        environments.up(settings, "hub")
    if settings.site_file:
        settings = _described(settings)
    else:
        internal_tls.lose_nobody(settings)
    for name in ("tools", *environments.of_courses()):
        with step(f"Python environment: {name}"):
            environments.up(settings, name)
    with step("Proxy"):
        proxy.install(settings)
    code.up(settings)
    return settings


def check_site(settings: Settings) -> None:
    """Try everything that can be tried of the site, and raise CommandError with all that is wrong."""
    run(checking(settings), name="aula site check", timeout=300)


def checking(settings: Settings) -> list[str | Path]:
    """Return the command that checks the site: of the file that SITE names, else of the one that is kept."""
    file = settings.site_file or settings.kept_site
    return [settings.environment("hub") / "bin" / "aula", "site", "check", file, "--state", settings.state]


def _described(settings: Settings) -> Settings:
    """Read site.yml anew and keep it, checked and whole, for `status` and `down`."""
    if not settings.site_file or not settings.site_file.is_file():
        raise SettingError(f"SITE={settings.site_file}: there is no such file. Start from hub_config/site.example.yml.")
    text = run(
        [settings.environment("hub") / "bin" / "aula", "site", "show", settings.site_file], name="aula site show"
    )
    described = replace(settings, described=Site.from_document(json.loads(text)))
    internal_tls.lose_nobody(described)
    files.write(settings.kept_site, text)
    return described
