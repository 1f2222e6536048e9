"""Where a word of the glossary stands in English, what papers call it and what it means are at hand."""

import pytest
from django.test import Client
from django.utils import translation

from landgis.catalog import guides, queries, registry
from landgis.catalog.glossary_marks import explained, words_in


def test_the_longest_word_of_a_label_is_marked_and_only_whole_words_are() -> None:
    words = {str(word.on_papers): word for one in guides.glossaries().values() for word in one.words}
    with translation.override("en"):
        said = explained("Starting price (đ)")
        assert said.startswith('<abbr class="word" title="giá khởi điểm: ')
        assert said.endswith('data-on-papers="giá khởi điểm">Starting price</abbr> (đ)')
        assert "bảng giá đất" in explained("Land-price table")
        assert explained("Allotment") == "Allotment"
        assert explained("<b>") == "<b>"
        assert "&lt;b&gt;" in explained("Deposit <b>")
        assert words_in(["Deposit", "deposit (%)", "Colour"]) == [words["tiền đặt trước"]]
    with translation.override("vi"):
        assert explained("Deposit") == "Deposit"
        assert not words_in(["Deposit"])


@pytest.mark.usefixtures("world")
def test_the_page_of_a_lot_marks_them_and_tells_them_on_paper(client: Client) -> None:
    ref = queries.rows(registry.get("auction-lots"), limit=1)[0]["ref"]
    english, own = (client.get(f"{prefix}/lots/{ref}/").content.decode() for prefix in ("/en", ""))
    for word in ("giá khởi điểm", "tiền đặt trước"):
        assert f'data-on-papers="{word}"' in english
        assert f'<span class="small" lang="vi">{word}</span>' in english.partition("words-on-paper")[2]
    assert "data-on-papers" not in own and "words-on-paper" not in own
    listed = client.get("/en/lots/").content.decode()
    assert 'data-on-papers="giá khởi điểm">starting price</abbr>' in listed.lower()
