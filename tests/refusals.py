"""Which reasons did a refusal give?"""

import pytest

from models.verdict import Refused


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [r.code for r in refusal.value.reasons]
