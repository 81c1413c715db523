"""Do the record and the files folder say the same (design §8)?"""

from collections.abc import Iterator

from sqlmodel import col, select

from models.invariants.scene import Scene
from models.orphans import lost_files, orphans
from models.season import Season


def files_match(scene: Scene) -> Iterator[str]:
    """13: every kept file has its bytes; with the latest season, no bytes are without a row."""
    for number, name in lost_files(scene.session, scene.season.id):
        yield f"{number}的材料“{name}”的内容不在文件夹里。"
    latest = scene.session.exec(select(Season.id).order_by(col(Season.opened_at).desc()).limit(1)).first()
    if latest == scene.season.id:
        for path in orphans(scene.session):
            yield f"文件{path.name}不属于任何材料。"
