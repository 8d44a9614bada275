from __future__ import annotations


def test_hidden_parts_are_gone(changed, rows) -> None:
    hidden = changed("target_hidden", rows)
    assert [(each.target, each.target_span, each.stance) for each in hidden if each] == [
        ("something", None, given.stance) for given in rows
    ]
    assert [each and each.source for each in changed("source_hidden", rows)] == ["", "", "", None]


def test_a_part_from_elsewhere_is_not_in_the_sentence_and_is_neutral(changed, row, rows) -> None:
    far = [*rows, row("Chile", "the fishing quota", "favor", text="Chile wants the fishing quota.")]
    for name, part in (("target_of_corpus", "target"), ("source_of_corpus", "source")):
        found = [each for each in changed(name, far) if each is not None]
        assert found
        assert all(each.stance == "neutral" and getattr(each, part) not in each.text for each in found)
    assert changed("source_of_corpus", rows)[3] is None  # the author's
