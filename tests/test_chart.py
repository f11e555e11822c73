"""A table of counts as a picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from planning_kit.chart import heatmap

SVG = "{http://www.w3.org/2000/svg}"


def drawn(**options):
    return heatmap(
        ("functional", "quality"), ("security", "privacy", "none"), ((3, 0, 12), (0, 0, 1)), "Coverage", **options
    )


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_is_well_formed_and_refers_to_nothing():
    svg = drawn()
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert {node.tag.removeprefix(SVG) for node in root.iter()} == {"svg", "title", "rect", "text"}
    assert not re.search(r"href|url\(|(?<!-)style=|<script|\bon\w+=", svg)


def test_every_count_but_zero_is_written_in_its_cell():
    numbers = [each for each in texts(drawn()) if each.isdigit()]
    assert numbers[:3] == ["3", "12", "1"]
    assert "0" not in numbers


def test_a_column_that_holds_nothing_is_marked_as_silent_unless_it_is_said_which_are():
    assert texts(drawn()).count("silent") == 1
    assert texts(drawn(silent=())).count("silent") == 0
    assert texts(drawn(silent=("security", "privacy"))).count("silent") == 2


def test_names_are_text_whatever_they_hold():
    svg = heatmap(("<script>&\x00",), ('"a"',), ((1,),), "</svg><b>")
    assert "<script>&" in texts(svg)
    assert "</svg><b>" in texts(svg)


def test_dark_text_has_enough_contrast_on_the_deepest_shade():
    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    svg = heatmap(("a",), ("b",), ((9,),), "t")
    ink = luminance(re.search(r'<svg[^>]* fill="(#\w{6})"', svg).group(1))
    shades = re.findall(r'rx="3" fill="(#\w{6})"', svg)
    assert shades
    assert all((luminance(shade) + 0.05) / (ink + 0.05) > 4.5 for shade in shades)


def test_counts_that_do_not_fit_the_names_are_refused():
    with pytest.raises(ValueError, match="2 rows of 1"):
        heatmap(("a", "b"), ("c",), ((1,),), "t")


def test_an_empty_table_is_still_a_picture():
    assert ElementTree.fromstring(heatmap((), (), (), "nothing")).tag == f"{SVG}svg"
