"""Does every word have a label of its own, also where two enumerations share a value?"""

from models.labels import label
from models.words import AssignmentState, GateState, ImportState, ListState


def test_words_with_one_value_keep_their_own_labels() -> None:
    words = (GateState.OPEN, AssignmentState.OPEN, ListState.CONFIRMED, ImportState.CONFIRMED)

    assert [label(w) for w in words] == ["待办理", "待答复", "已确认", "已导入"]
