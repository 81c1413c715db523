"""Which of the notice's Word forms is this file? Its title says so, whatever the file is called."""

from documents.application_form import read_limited
from documents.form_labels import plain
from documents.problems import Refusal
from documents.word_reading import open_word

TITLES = {
    "认定申请表": "application_form",
    "专家推荐函": "expert_letters",
    "推荐部门意见表": "department_opinions",
}


def which_form(name: str, content: bytes) -> str:
    """The key of the document of the notice; empty for any other file. Raises `Refusal` for a file to be refused."""
    return str(read_limited("documents.which_form:title_of", name, content)["document"])


def title_of(content: bytes, name: str) -> dict[str, str]:
    try:
        lines = [plain(line) for line in open_word(content).text.split("\n")]
    except Refusal:
        return {"document": ""}
    found = (key for line in lines for title, key in TITLES.items() if title in line)
    return {"document": next(found, "")}
