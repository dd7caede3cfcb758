"""A page is well formed, loads nothing, says all that the document says, and can be read without its script."""

from __future__ import annotations

import re

import pytest

from nep_toolbox.report.document import Document, Figure, Section, page
from tests.report.document.conftest import NASTY


@pytest.fixture(params=["en", "zh"])
def text(request, document):
    return page(document(request.param))


def test_it_is_well_formed_and_no_id_comes_twice(text, structure):
    reader = structure(text)
    assert text.startswith("<!DOCTYPE html>\n")
    assert len(reader.ids) == len(set(reader.ids)) > 20
    for group in ("html", "head", "body", "main", "header", "nav", "h1", "title"):
        assert reader.tags.count(group) == 1, group


def test_nothing_is_loaded(text, structure):
    reader = structure(text)
    assert not {"link", "iframe", "object", "embed", "base", "foreignobject"} & set(reader.tags)
    assert [source[:22] for source in reader.loaded if not source.startswith("#")] == ["data:image/png;base64,"]
    styles = "".join(reader.texts["style"])
    assert "url(" not in styles and "@import" not in styles
    assert not re.search(r"\b(on\w+|srcset)=\"", text)


def test_links_lead_to_places_of_the_page_to_data_and_to_dois(text, structure):
    reader = structure(text)
    places = [link[1:] for link in reader.links if link.startswith("#")]
    assert places and set(places) <= set(reader.ids)
    rest = [link for link in reader.links if not link.startswith("#")]
    assert {link.partition(":")[0] for link in rest} == {"data", "https"}
    assert [link for link in rest if link.startswith("https")] == [
        "https://doi.org/10.1000/a(b)c", "https://doi.org/10.1080/01621459.1968.10480934"
    ]


def test_uses_inside_of_a_picture_find_their_target(text, structure):
    reader = structure(text)
    targets = [attrs["href"][1:] for attrs in reader.all("use")]
    assert len(set(targets)) == 2
    assert set(targets) <= set(reader.ids)


@pytest.mark.parametrize(("language", "code"), [("en", "en"), ("zh", "zh-Hans")])
def test_the_language_is_said(document, structure, language, code):
    assert structure(page(document(language))).all("html") == [{"lang": code}]


def test_texts_cannot_become_markup(text, structure):
    reader = structure(text)
    assert "<script>alert" not in text
    assert reader.tags.count("script") == 1 == len(re.findall("</script", text))
    assert reader.texts["title"] == [f"NEP of {NASTY}"]
    assert NASTY in reader.texts["dd"] and NASTY in reader.texts["h3"]
    assert "line <1>\n" in reader.texts["pre"]


def test_what_went_wrong_stands_in_its_section(document, structure):
    text = page(document())
    section = re.search(r'<section id="f6">.*?</section>', text, re.DOTALL)[0]
    assert 'class="error"' in section and "<p>hurst: too few &lt;years&gt;</p>" in section
    assert "Not computed: no land cover was given" in re.search(r'<section id="f8">.*?</section>', text, re.DOTALL)[0]
    head = text.partition('id="results"')[0]
    assert "project: disk full" in head.partition('id="checks"')[0]
    assert structure(text).texts["li"].count(" 2004 is missing.") == 1
    assert '<li class="serious"><b>Attention:</b> 2004 is missing.</li>' in head
    assert "<li>All is well.</li>" in head


def test_pictures_have_captions_and_texts_in_their_place(document, structure):
    reader = structure(page(document()))
    assert reader.tags.count("figure") == reader.tags.count("figcaption") == 3
    assert [attrs["alt"] for attrs in reader.all("img")] == ["Figure 1. The area."]
    assert [attrs["aria-label"] for attrs in reader.all("svg")] == ["Figure 5. Trend.", "图10 各因子的 q 值。"]
    assert {"Figure 1.", "Figure 5.", "图10"} <= set(reader.texts["b"])


def test_the_box_of_uncertainty_stands_below_the_data(document):
    text = page(document())
    assert text.index('<section id="data">') < text.index('<section class="checks" id="uncertainty">')
    assert "<li>Nothing &lt;is&gt; known.</li>" in text and '<a href="#uncertainty">Uncertainty</a>' in text
    assert 'href="#uncertainty"' not in page(Document("x"))


@pytest.mark.parametrize(("caption", "number"), [("Figure 9b. Change.", "Figure 9b."), ("图9b 变化。", "图9b")])
def test_figures_between_two_numbers(caption, number):
    text = page(Document("x", sections=[Section("f9b", "y", figure=Figure("fig09b", caption, b""))]))
    assert f"<b>{number}</b>" in text


def test_a_figure_without_a_picture_keeps_its_caption(structure):
    figure = Figure("fig03_maps", "Figure 3. Maps.", b"", ("figures/fig03_maps.pdf",))
    reader = structure(page(Document("T", sections=[Section("f3", "Maps", figure=figure)])))
    assert reader.tags.count("figcaption") == 1 and not {"img", "svg"} & set(reader.tags)
    assert "Files: figures/fig03_maps.pdf" in reader.texts["p"]


def test_every_table_has_heads_with_their_scope(document, structure):
    reader = structure(page(document()))
    heads = reader.all("th")
    assert {head.get("scope") for head in heads} == {"col", "row"}
    assert reader.tags.count("caption") == 5  # all but the one of the parameters, which follows its heading
    assert [len(table) for table in reader.tables] == [4, 4, 4, 41, 1, 3]


def test_formulas_pass_as_they_are(text, structure):
    reader = structure(text)
    assert reader.tags.count("math") == reader.tags.count("mfrac") == 1


def test_sentences_are_joined_as_the_language_does(document):
    assert "One sentence. Another" in page(document("en"))
    assert "One sentence.Another" in page(document("zh"))


def test_a_document_with_a_title_alone_is_a_page(structure):
    reader = structure(page(Document("Title", sections=[Section("f1", "Empty")])))
    assert reader.texts["h2"] == ["Results"]
    assert reader.links == ["#results", "#f1"]


def test_buttons_are_seen_only_where_the_script_runs(text, structure):
    styles = structure(text).texts["style"][0]
    assert "\nbutton { display: none;" in styles
    assert ".script button { display: inline-block; }" in styles


def test_the_encoding_is_said_first(text):
    assert '<meta charset="utf-8">' in text[:100]
