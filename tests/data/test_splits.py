"""Splits follow the seed and the texts, not the order of the rows; no text and no unit is in two."""

from __future__ import annotations

import random

import numpy as np
import pytest

from stancelab.data.split_settings import SplitSettings
from stancelab.data.splits import assign, carve_validation, few_shots, sample
from stancelab.data.store.codes import DROPPED, SPLITS, TEST, TRAIN, VALIDATION
from stancelab.data.store.hashing import key_of
from stancelab.data.store.rows import Keys
from stancelab.errors import DataError

U = np.uint64


def keys_of(
    text: list[int],
    stance: list[int],
    *,
    target: list[int] | None = None,
    document: list[int] | None = None,
    split: list[int] | None = None,
) -> Keys:
    n = len(text)
    zeros = np.zeros(n, dtype=U)
    return Keys(
        corpus=np.zeros(n, np.int16),
        file=np.zeros(n, np.int32),
        row=np.arange(1, n + 1),
        stance=np.array(stance, np.int8),
        split=np.array(split or [0] * n, np.int16),
        id=np.arange(n).astype(U),
        text=np.array(text, U),
        target=zeros if target is None else np.array(target, U),
        spelling=zeros,
        pair=zeros,
        document=zeros if document is None else np.array(document, U),
        annotator=zeros,
        tokens=np.zeros(n, np.int32),
        absent=np.zeros(n, np.int8),
        has_source=np.zeros(n, np.int8),
        splits=(*SPLITS, "test_mt"),
        files=("a.csv",),
    )


def run(keys: Keys, settings: SplitSettings) -> np.ndarray:
    return assign("mine", keys, np.arange(len(keys)), keys.text, settings)


TEXTS = [i // 2 + 1 for i in range(1000)]  # two rows to a text
LABELS = random.Random(0).choices([0, 1, 2], weights=[3, 2, 1], k=1000)


def carved(keys: Keys, settings: SplitSettings) -> set[int]:
    """The rows that validation gets."""
    codes = run(keys, settings)
    after = carve_validation("mine", keys, np.arange(len(keys)), codes, keys.text, settings)
    return set(np.flatnonzero(after == VALIDATION).tolist())


def test_each_fold_draws_validation_rows_of_its_own() -> None:
    """Of 10 folds that draw a tenth by chance, two share about a tenth of their validation rows."""
    documents = [1 + i // 10 for i in range(1000)]
    keys = keys_of(TEXTS, LABELS, document=documents)
    folds = [carved(keys, SplitSettings(kind="kfold", folds=5, fold=fold)) for fold in range(5)]
    assert all(70 <= len(own) <= 130 for own in folds)
    shared = [len(a & b) / len(a) for n, a in enumerate(folds) for b in folds[n + 1 :]]
    assert max(shared) < 0.4
    assert np.mean(shared) < 0.2
    assert len(set.union(*folds)) > 300
    again = carved(keys, SplitSettings(kind="kfold", folds=5, fold=1))
    assert again == folds[1], "by the seed alone"
    assert carved(keys, SplitSettings(kind="kfold", folds=5, fold=1, seed=2)) != folds[1]


def test_each_left_out_target_draws_validation_targets_of_its_own() -> None:
    targets = [key_of(f"t{i // 10}") for i in range(1000)]
    keys = keys_of(list(range(1, 1001)), LABELS, target=targets)
    drawn = [carved(keys, SplitSettings(kind="leave_target_out", target=f"t{n}")) for n in range(5)]
    shared = [len(a & b) / len(a) for n, a in enumerate(drawn) for b in drawn[n + 1 :]]
    assert np.mean(shared) < 0.4


def test_random_keeps_shares_strata_and_texts() -> None:
    keys = keys_of(TEXTS, LABELS)
    codes = run(keys, SplitSettings(kind="random"))
    sizes = {code: int((codes == code).sum()) for code in (TRAIN, VALIDATION, TEST)}
    assert sizes[TEST] == pytest.approx(200, abs=2)
    assert sizes[VALIDATION] == pytest.approx(100, abs=2)
    for text in np.unique(keys.text):
        assert len(set(codes[keys.text == text])) == 1
    whole = np.bincount(keys.stance) / len(keys)
    for code in (TRAIN, VALIDATION, TEST):
        share = np.bincount(keys.stance[codes == code], minlength=3) / sizes[code]
        np.testing.assert_allclose(share, whole, atol=0.03)


@pytest.mark.parametrize("kind", ["random", "grouped", "unseen_targets"])
def test_the_order_of_the_rows_does_not_matter_and_the_seed_does(kind: str) -> None:
    target, document = [i % 40 + 1 for i in range(1000)], [i // 10 + 1 for i in range(1000)]
    order = np.random.default_rng(0).permutation(1000)

    def shuffled(values: list[int]) -> list[int]:
        return [values[i] for i in order]

    settings = SplitSettings(kind=kind)
    straight = run(keys_of(TEXTS, LABELS, target=target, document=document), settings)
    keys = keys_of(shuffled(TEXTS), shuffled(LABELS), target=shuffled(target), document=shuffled(document))
    np.testing.assert_array_equal(run(keys, settings), straight[order])
    assert (run(keys, SplitSettings(kind=kind, seed=0)) != straight[order]).any()


def test_grouped_keeps_documents_whole() -> None:
    document = [i // 17 + 1 for i in range(1000)]
    keys = keys_of(list(range(1, 1001)), LABELS, document=document)
    codes = run(keys, SplitSettings(kind="grouped"))
    for one in np.unique(keys.document):
        assert len(set(codes[keys.document == one])) == 1
    assert (codes == TEST).sum() == pytest.approx(200, abs=17)
    assert (codes == VALIDATION).sum() == pytest.approx(100, abs=17)


def test_grouped_needs_documents() -> None:
    keys = keys_of([1, 2, 3], [0, 1, 2], document=[5, 0, 0])
    with pytest.raises(DataError, match=r"mine: rows without a document: 2 of 3, so they cannot be grouped by it"):
        run(keys, SplitSettings(kind="grouped"))
    keys = keys_of([1, 2, 3], [0, 1, 2], document=[5, 5, 6])
    with pytest.raises(DataError, match="mine: different documents: 2, too few for 3 splits"):
        run(keys, SplitSettings(kind="grouped"))


def test_a_document_larger_than_a_split_goes_to_train() -> None:
    document = [1] * 600 + [i // 4 + 2 for i in range(400)]
    keys = keys_of(list(range(1, 1001)), LABELS, document=document)
    for seed in range(5):
        codes = run(keys, SplitSettings(kind="grouped", seed=seed))
        assert set(codes[:600]) == {TRAIN}
        assert (codes == TEST).sum() == pytest.approx(200, abs=4)


def test_every_split_has_a_unit_where_there_are_three() -> None:
    for seed in range(20):
        codes = run(keys_of([1, 2, 3], [0, 1, 2]), SplitSettings(kind="random", seed=seed))
        assert sorted(codes) == [TRAIN, VALIDATION, TEST]


def carve(keys: Keys, codes: np.ndarray, settings: SplitSettings) -> np.ndarray:
    return carve_validation("mine", keys, np.arange(len(keys)), codes, keys.text, settings)


def assert_apart(keys: Keys, codes: np.ndarray, *columns: str) -> None:
    """Check that no two of train, validation and test have a key in common."""
    for column in columns:
        values = getattr(keys, column)
        parts = [set(values[(codes == code) & (values != 0)]) for code in (TRAIN, VALIDATION, TEST)]
        assert all(parts)
        assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2]), column


def test_unseen_targets_are_in_no_other_split() -> None:
    target = [(i * i) % 53 + 1 for i in range(1000)]
    keys = keys_of(list(range(1, 1001)), LABELS, target=target)
    settings = SplitSettings(kind="unseen_targets")
    codes = run(keys, settings)
    assert (codes == TEST).sum() == pytest.approx(200, abs=20)  # a target has 38 rows at most
    assert not (codes == DROPPED).any()  # each text has one target
    codes = carve(keys, codes, settings)
    assert_apart(keys, codes, "target", "text")
    assert (codes == VALIDATION).sum() == pytest.approx(80, abs=20)
    assert not (codes == DROPPED).any()


def test_unseen_targets_keep_documents_whole_and_most_rows_where_targets_are_of_one_document() -> None:
    document = [i // 20 + 1 for i in range(2000)]
    # Three rows of four are of a target of their document alone, the others of four targets that are everywhere.
    target = [1000 + i // 20 if i % 4 else i // 4 % 4 + 1 for i in range(2000)]
    keys = keys_of(list(range(1, 2001)), [LABELS[i % 1000] for i in range(2000)], target=target, document=document)
    for seed in range(5):
        settings = SplitSettings(kind="unseen_targets", seed=seed)
        codes = carve(keys, run(keys, settings), settings)
        assert_apart(keys, codes, "target", "document", "text")
        assert 200 <= (codes == TEST).sum() <= 440
        assert (codes == TRAIN).sum() >= 900


def test_every_target_can_be_a_target_of_test() -> None:
    sizes = [300, 150, 100] + [50] * 4 + [10] * 30 + [2] * 75
    target = [number + 1 for number, size in enumerate(sizes) for _ in range(size)]
    keys = keys_of(list(range(1, 1201)), [i % 3 for i in range(1200)], target=target)
    tested, shares = np.zeros(len(sizes)), []
    for seed in range(200):
        codes = run(keys, SplitSettings(kind="unseen_targets", seed=seed))
        tested[np.unique(keys.target[codes == TEST]).astype(int) - 1] += 1
        shares.append((codes == TEST).mean())
    assert tested[0] > 10  # never, when targets were taken only as long as they fitted into the share
    assert (tested[1:3] > 20).all()
    assert 0.16 <= np.mean(shares) <= 0.22
    assert max(shares) < 0.35


def test_unseen_targets_takes_the_smallest_where_all_are_large() -> None:
    keys = keys_of(list(range(1, 11)), [0, 1] * 5, target=[1] * 6 + [2] * 4)
    assert run(keys, SplitSettings(kind="unseen_targets")).tolist() == [TRAIN] * 6 + [TEST] * 4
    with pytest.raises(DataError, match="has one target only"):
        run(keys_of([1, 2], [0, 1], target=[1, 1]), SplitSettings(kind="unseen_targets"))


def test_validation_has_rows_of_all_targets_where_none_is_small_enough(caplog: pytest.LogCaptureFixture) -> None:
    keys = keys_of(list(range(1, 301)), [i % 3 for i in range(300)], target=[1] * 100 + [2] * 100 + [3] * 100)
    settings = SplitSettings(kind="unseen_targets", test=0.3)
    codes = carve(keys, run(keys, settings), settings)
    validation = codes == VALIDATION
    assert validation.sum() == pytest.approx(20, abs=1)
    assert set(keys.target[validation]) == set(keys.target[codes == TRAIN])
    assert "dev scores are not of unseen targets" in caplog.text


def test_given_is_what_the_corpus_says() -> None:
    keys = keys_of([1, 2, 3], [0, 1, 2], split=[1, 2, 4])
    assert run(keys, SplitSettings()).tolist() == [1, 2, 4]


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (
            [0, 0, 0],
            "mine: no row says its split; add a column 'split' (train, validation, test), or choose split=random",
        ),
        ([1, 0, 3], "mine: rows that do not say their split: 1 of 3; fill it in, or add a column"),
        ([1, 1, 2], "mine: no row is in a split 'test', only in train, validation; add a column"),
        ([4, 3, 2], "mine: no row is in a split 'train', only in validation, test, test_mt; add"),
    ],
)
def test_given_needs_train_and_test(split: list[int], message: str) -> None:
    with pytest.raises(DataError) as error:
        run(keys_of([1, 2, 3], [0, 1, 2], split=split), SplitSettings())
    assert str(error.value).startswith(message)


def test_validation_is_carved_out_of_train_alone() -> None:
    keys = keys_of(TEXTS, LABELS, split=[1] * 800 + [3] * 200)
    codes = carve(keys, keys.split, SplitSettings())
    assert (codes[800:] == TEST).all()
    assert (codes == VALIDATION).sum() == pytest.approx(80, abs=2)
    assert not set(keys.text[codes == VALIDATION]) & set(keys.text[codes == TRAIN])


@pytest.mark.parametrize(("test_documents", "whole"), [(range(81, 101), True), (range(71, 91), False)])
def test_validation_of_given_splits_has_whole_documents_where_test_has(test_documents: range, whole: bool) -> None:
    document = [i // 10 + 1 for i in range(800)] + [test_documents[i // 10] for i in range(200)]
    keys = keys_of(list(range(1, 1001)), LABELS, document=document, split=[1] * 800 + [3] * 200)
    codes = carve(keys, keys.split, SplitSettings())
    shared = set(keys.document[codes == VALIDATION]) & set(keys.document[codes == TRAIN])
    assert (not shared) == whole


def test_validation_of_folds_has_whole_documents() -> None:
    documents = [i // 20 + 1 if i < 900 else 0 for i in range(1000)]
    keys = keys_of(TEXTS, LABELS, document=documents)
    for fold in range(5):
        settings = SplitSettings(kind="kfold", fold=fold)
        codes = carve(keys, run(keys, settings), settings)
        assert_apart(keys, codes, "document", "text")
        assert (codes == VALIDATION).sum() == pytest.approx(80, abs=20)


def test_samples_are_whole_texts_of_all_stances_and_nested() -> None:
    keys = keys_of(TEXTS, LABELS)
    small, large = (sample(keys.text, keys.stance, wanted, 13) for wanted in (100, 400))
    assert 98 <= small.sum() <= 100
    assert 398 <= large.sum() <= 400
    assert not (small & ~large).any()
    for text in np.unique(keys.text):
        assert len(set(small[keys.text == text])) == 1
    np.testing.assert_allclose(
        np.bincount(keys.stance[small]) / small.sum(), np.bincount(keys.stance) / len(keys), atol=0.06
    )


def test_folds_test_every_row_once_and_keep_documents_whole() -> None:
    documents = [i // 20 + 1 if i < 900 else 0 for i in range(1000)]  # the last hundred rows name none
    keys = keys_of(TEXTS, LABELS, document=documents)
    tested = np.zeros(1000, dtype=int)
    for fold in range(5):
        codes = run(keys, SplitSettings(kind="kfold", folds=5, fold=fold))
        test = codes == TEST
        tested += test
        assert test.sum() == pytest.approx(200, abs=25)
        assert (codes[~test] == TRAIN).all()
        for unit in (keys.document, keys.text):
            named = unit != 0
            assert not set(unit[test & named]) & set(unit[~test & named])
        assert {int(stance) for stance in keys.stance[test]} == {0, 1, 2}
    assert (tested == 1).all()


def test_more_folds_than_documents_are_refused() -> None:
    keys = keys_of(TEXTS[:40], LABELS[:40], document=[1] * 20 + [2] * 20)
    with pytest.raises(DataError, match="documents or texts: 2, too few for 5 folds"):
        run(keys, SplitSettings(kind="kfold"))


def test_a_left_out_target_is_all_of_test_and_none_of_train() -> None:
    atheism, climate = key_of("atheism"), key_of("climate")
    keys = keys_of([1, 1, 2, 3, 4], [0, 1, 2, 0, 1], target=[atheism, climate, climate, atheism, climate])
    codes = run(keys, SplitSettings(kind="leave_target_out", target=" Atheism"))
    assert codes.tolist() == [TEST, DROPPED, TRAIN, TEST, TRAIN]
    with pytest.raises(DataError, match="no row has the target 'NATO'; name another"):
        run(keys, SplitSettings(kind="leave_target_out", target="NATO"))
    assert SplitSettings(kind="leave_target_out").problems() == SplitSettings(target="x").problems()
    assert SplitSettings(kind="kfold", fold=5).problems() == ["fold: found 5, allowed 0 to 4, since split.folds is 5"]


def test_a_target_that_is_excluded_is_alone_in_the_given_test_and_nowhere_else() -> None:
    atheism, climate = key_of("atheism"), key_of("climate")
    given = [TRAIN, TRAIN, VALIDATION, VALIDATION, TEST, TEST, TRAIN]
    targets = [atheism, climate, atheism, climate, atheism, climate, climate]
    keys = keys_of(list(range(1, 8)), [0, 1, 2, 0, 1, 2, 0], target=targets, split=given)
    codes = run(keys, SplitSettings(kind="given", exclude_target=" Atheism"))
    assert codes.tolist() == [DROPPED, TRAIN, DROPPED, VALIDATION, TEST, DROPPED, TRAIN]
    with pytest.raises(DataError, match="no row of the test files has the target 'NATO'; name another"):
        run(keys, SplitSettings(kind="given", exclude_target="NATO"))
    [problem] = SplitSettings(kind="random", exclude_target="x").problems()
    assert problem.startswith("exclude_target: is for split=given, whose test files it keeps")


def test_few_shots_are_so_many_of_each_stance_of_different_texts() -> None:
    keys = keys_of(TEXTS, LABELS)
    kept = few_shots(keys.id, keys.text, keys.stance, 8, seed=1)
    assert [int((keys.stance[kept] == stance).sum()) for stance in range(3)] == [8, 8, 8]
    for stance in range(3):
        assert len(set(keys.text[kept & (keys.stance == stance)])) == 8
    other = few_shots(keys.id, keys.text, keys.stance, 8, seed=2)
    assert (kept != other).any()
    order = np.random.default_rng(0).permutation(1000)
    assert (few_shots(keys.id[order], keys.text[order], keys.stance[order], 8, seed=1) == kept[order]).all()
    scarce = few_shots(keys.id[:6], keys.text[:6], np.zeros(6, np.int8), 5, seed=1)
    assert scarce.sum() == 5
    assert SplitSettings(shots=8, train_rows=9).problems() == [
        "train_rows, shots: are different ways to keep fewer training rows; give one of them"
    ]
    assert SplitSettings(sample_seed=-1).problems() == ["sample_seed: found -1, allowed >= 0, or null for split.seed"]
    assert SplitSettings(train_share=12).problems() == ["train_share: found 12, allowed > 0 and <= 1, or null for all"]
