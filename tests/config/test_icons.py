"""The font of icons holds those that pages name, and is small."""

from fontTools.ttLib import TTFont

from config import icons


def test_each_icon_that_a_page_names_is_in_the_font() -> None:
    used = icons.used()
    ours, whole = (icons.ligatures(TTFont(font)) for font in (icons.OURS, icons.WHOLE))

    assert {"inbox", "search", "check_small", "gavel", "key_vertical"} <= used
    assert used <= ours.keys(), "run `make icons`"
    assert {whole[name] for name in ours} == {whole[name] for name in used}, "run `make icons`"
    assert icons.OURS.stat().st_size < 20_000
