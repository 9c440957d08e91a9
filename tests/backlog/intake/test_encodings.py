"""In which encoding a file is: read as it was written, or asked about, never as other letters."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backlog.errors import TableError
from backlog.intake import encodings

Write = Callable[[bytes], Path]

KOREAN = "결제가 안 돼요\n카드 번호를 매번 다시 입력해야 해요\n앱이 자꾸 꺼져요 ㅠㅠ\n"
FRENCH = "très bien\nÉpicerie chère, service très lent et désagréable\nle délai a été dépassé\n"
GERMAN = "schöne Grüße aus München\nÄrger über zu späte Lieferung\n"
RUSSIAN = "Очень удобно, но карту приходится вводить снова\nПоддержка не отвечает\n"
GREEK = "Η εφαρμογή κλείνει συνέχεια μόνη της\nΘέλω εξαγωγή σε αρχείο κειμένου\n"
SIMPLIFIED = "每次付款都要重新输入卡号太麻烦了\n希望可以导出为表格文件\n"
TRADITIONAL = "每次付款都要重新輸入卡號太麻煩了\n希望可以匯出為表格檔案\n"
JAPANESE = "支払いのたびにカード番号を入力し直すのが面倒です\nアプリがすぐに落ちます。\n"
POLISH = "Świetna obsługa, ale płatność kartą nie działa\nwysyłka się spóźniła\n"
CZECH = "příliš pomalé, žádná možnost změny\nškoda, že to nejde\n"
TURKISH = "uygulama sürekli kapanıyor\nödeme başarısız oldu\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        return path

    return to_file


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (KOREAN, "cp949"),
        (KOREAN, "utf-16-le"),
        (KOREAN, "utf-16-be"),
        (KOREAN, "utf-32"),
        (KOREAN.splitlines()[0] + "\n", "iso2022_kr"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-8"),
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "utf-8"),
        (GREEK, "cp1253"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "cp950"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (RUSSIAN, "iso8859_5"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (CZECH, "cp1250"),
        (CZECH, "iso8859_2"),
        (TURKISH, "cp1254"),
    ],
)
def test_is_found_out(write: Write, words: str, encoding: str) -> None:
    content = ("text\n" + words).encode(encoding)

    found = encodings.detect(write(content))

    assert content.decode(found).removeprefix("\ufeff") == "text\n" + words


@pytest.mark.parametrize("rows", ["très bien", "conna\x90tre\ntrès bien", FRENCH + "conna\x90tre"])
def test_a_stray_byte_makes_no_other_letters_of_french(write: Write, rows: str) -> None:
    assert encodings.detect(write(b"text\n" + rows.encode("latin-1"))) == "cp1252"


@pytest.mark.parametrize(
    ("words", "encoding"), [("你好", "gb18030"), ("да", "koi8_r"), ("最高", "euc_jp")]
)
def test_is_asked_where_nothing_convinces(write: Write, words: str, encoding: str) -> None:
    with pytest.raises(TableError) as refused:
        encodings.detect(write(f"text\n{words}\n".encode(encoding)))

    assert refused.value.code == "unclear_encoding"
    assert encoding in refused.value.details["choices"]
    assert "--encoding" in str(refused.value)


@pytest.mark.parametrize("words", ["친", "쵸", "친쳔", "챕챔"])
def test_korean_that_happens_to_be_utf8_is_asked_about(write: Write, words: str) -> None:
    content = f"text\n{words}\n".encode("cp949")

    with pytest.raises(TableError) as refused:
        encodings.detect(write(content))

    assert "cp949" in refused.value.details["choices"]


def test_a_stray_zero_makes_no_utf16(write: Write) -> None:
    assert encodings.detect(write(b"a,b\n1,\0\n2,3\n")) == "utf-8"


def test_syllables_that_euckr_spells_out_are_composed() -> None:
    spelled_out = "겂나요".encode("euc_kr")
    assert len(spelled_out) == 12

    assert encodings.compose(spelled_out.decode("cp949")) == "겂나요"
    assert encodings.compose("ㅋㅋ ㅠㅠ \u3164ㅋ") == "ㅋㅋ ㅠㅠ \u3164ㅋ"
    for syllable in "가뷁힣쀍":
        jamo = syllable.encode("euc_kr")
        assert encodings.compose(jamo.decode("cp949")) == syllable
