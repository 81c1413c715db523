"""Which commands make accounts, seats and tokens?"""

from typing import Annotated

import typer

from cli.answers import AsJson, group, plain_errors, show
from models.account_words import ROLES, AdminRole
from models.database import transaction
from models.season import notice_of
from models.verdict import require
from tasks.accounts import (
    add_account,
    add_first,
    check_seat_by_command,
    create_token,
    find_account,
)
from tasks.directory import seat_person
from tasks.passwords import make_password
from tasks.seasons import find_season

user_app = group("账号")
token_app = group("接口令牌")


@user_app.command("add")
def user_add(
    login: str,
    name: Annotated[str, typer.Option(help="姓名")],
    email: Annotated[str | None, typer.Option(help="电子邮箱")] = None,
    as_json: AsJson = False,
) -> None:
    """新增账号；初始密码随机生成，只显示这一次，三天内登录一次并换成自己的密码。"""
    password = make_password()
    with plain_errors(), transaction() as session:
        person = add_account(session, name=name, login=login, password=password, email=email, one_time=True)
        facts = {"id": str(person.id), "login": person.login, "password": password}
    show(facts, as_json, f"已新增账号 {facts['login']}，初始密码：{password}")


@user_app.command("first")
def user_first(
    login: str,
    name: Annotated[str, typer.Option(help="姓名")],
    role: Annotated[
        AdminRole, typer.Option(help="system 系统管理员、security 安全管理员、audit 审计管理员")
    ] = AdminRole.SYSTEM,
    email: Annotated[str | None, typer.Option(help="电子邮箱")] = None,
    as_json: AsJson = False,
) -> None:
    """设立第一名管理员（三种各一名）；密码只能用一次，首次登录时更换。已有该管理员的，改在网页上办理。"""
    with plain_errors(), transaction() as session:
        password = add_first(session, name=name, login=login, role=role, email=email)
        facts = {"login": find_account(session, login).login, "role": role, "password": password}
    text = f"已设立{ROLES[role]} {facts['login']}，一次性密码：{password}（三天内登录并更换）"
    show(facts, as_json, text)


@user_app.command("seat")
def user_seat(
    login: str,
    body: Annotated[str, typer.Option(help="通知文件里的机构键，如 office、county_union、expert")],
    organisation: Annotated[str | None, typer.Option(help="单位、县（区）机构的全称")] = None,
    season: Annotated[str | None, typer.Option(help="年度的键；不写时为最近的年度")] = None,
    as_json: AsJson = False,
) -> None:
    """让一个账号在年度的某个机构里办理；正式年度有了安全管理员以后，改在网页上由两人办理。"""
    with plain_errors(), transaction() as session:
        person, chosen = find_account(session, login), find_season(session, season)
        require(check_seat_by_command(session, chosen, person))
        seat_person(session, chosen, notice_of(session, chosen), person, body, organisation)
        facts = {"login": login, "body": body, "organisation": organisation, "season": chosen.key}
    show(facts, as_json, f"{login} 已在 {facts['season']} 的 {body} 办理。")


@token_app.command("create")
def token_create(
    login: str, name: Annotated[str, typer.Option(help="用途")] = "接口", as_json: AsJson = False
) -> None:
    """为账号签发接口令牌；只显示这一次。"""
    with plain_errors(), transaction() as session:
        token = create_token(session, find_account(session, login), name)
    show({"login": login, "token": token}, as_json, token)
