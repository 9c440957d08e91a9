"""The shell that a command is called from."""

from collections.abc import Mapping


def language(environ: Mapping[str, str]) -> str | None:
    """The language that the shell speaks, if it is one of ours; None where it does not say.

    As gettext looks: LANGUAGE lists several, but not where the locale is C.
    """
    locale = next(
        (environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), ""
    )
    if locale.split(".")[0] in ("", "C", "POSIX"):
        return None
    wanted = [*environ.get("LANGUAGE", "").split(":"), locale]
    spoken = (each[:2].lower() for each in wanted if each)
    return next((each for each in spoken if each in ("ko", "en")), None)
