"""Do the figures beside the list say what a pencil says?"""

from uuid import UUID

from models.ranking import Sheet, rank, scores, severities

A, B, C = (UUID(int=n) for n in (1, 2, 3))
MILD, STRICT, THIRD = (UUID(int=n) for n in (11, 12, 13))

# Both judged A and lie ten points apart; B was seen by the mild one alone, C by the strict one alone.
UNEVEN = [Sheet(A, MILD, 85), Sheet(A, STRICT, 75), Sheet(B, MILD, 78), Sheet(C, STRICT, 75)]


def test_severity_is_found_where_experts_judged_the_same_case() -> None:
    assert severities(UNEVEN) == ({MILD: 5.0, STRICT: -5.0}, 1)


def test_adjusted_score_takes_the_severity_out_and_turns_the_order() -> None:
    ranking = rank(UNEVEN, "mean", 2, [A, B, C])

    assert {c: s.score for c, s in ranking.standings.items()} == {A: 80, B: 78, C: 75}
    assert {c: s.adjusted for c, s in ranking.standings.items()} == {A: 80, B: 73, C: 80}
    assert {c: s.adjusted_rank for c, s in ranking.standings.items()} == {A: 1, B: 3, C: 1}
    assert {c: s.otherwise for c, s in ranking.standings.items()} == {
        A: (),
        B: ("standardised", "adjusted"),
        C: ("standardised", "adjusted"),
    }


def test_experts_without_a_case_in_common_are_separate_groups() -> None:
    apart = [Sheet(A, MILD, 90), Sheet(A, THIRD, 80), Sheet(B, STRICT, 60)]

    assert severities(apart) == ({MILD: 5.0, THIRD: -5.0, STRICT: 0.0}, 2)


def test_median_spread_and_range_of_a_case() -> None:
    one = rank([Sheet(A, MILD, 70), Sheet(A, STRICT, 80), Sheet(A, THIRD, 96)], "mean", 1, [A]).standings[A]

    assert (one.sheets, one.score, one.median, one.low, one.high) == (3, 82, 80, 70, 96)
    assert round(one.spread, 2) == 10.71


def test_four_sheets_lose_their_highest_and_lowest() -> None:
    sheets = [Sheet(A, UUID(int=n), t) for n, t in ((11, 10), (12, 80), (13, 84), (14, 100))]

    assert [float(scores(s, "trimmed_mean")[A]) for s in (sheets, sheets[:3])] == [82, 58]
    assert rank(sheets, "trimmed_mean", 1, [A]).standings[A].score == 82


def test_nothing_scored_ranks_nobody() -> None:
    ranking = rank([], "mean", 3, [])

    assert (ranking.standings, ranking.groups) == ({}, 0)
