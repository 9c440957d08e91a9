"""What a page is sent without, and what it keeps."""

from config import templates


def test_a_page_is_sent_without_its_indentation() -> None:
    written = "<div>\n\n      <p>one\n        two</p>\n    </div>\n"

    assert templates.unindented(written) == "<div>\n<p>one\ntwo</p>\n</div>\n"


def test_what_is_laid_out_for_readers_stays_so() -> None:
    for kept in (
        "<pre>\n    one\n\n  two</pre>",
        "<textarea>\n   one</textarea>",
        "{% blocktranslate %}\n    one\n    two\n{% endblocktranslate %}",
        "{% blocktrans %}\n  one{% plural %}\n  two{% endblocktrans %}",
    ):
        assert templates.unindented(kept) == kept
