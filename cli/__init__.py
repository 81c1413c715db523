"""Which commands does the system have? `gongjiang --help`; every one that prints facts takes `--json`."""

from cli import files, people, privacy, records, running, safekeeping, seasons, trust
from cli.answers import group

app = group("柳州工匠认定系统")
for commands in (files.app, running.app, trust.app, safekeeping.app, privacy.app):
    app.add_typer(commands)
app.add_typer(seasons.notice_app, name="notice")
app.add_typer(seasons.season_app, name="season")
app.add_typer(people.user_app, name="user")
app.add_typer(people.token_app, name="token")
app.add_typer(files.inbox_app, name="inbox")
app.add_typer(files.public_app, name="public")
app.add_typer(trust.keys_app, name="keys")
app.add_typer(trust.audit_app, name="audit")
app.add_typer(records.dossier_app, name="dossier")
app.add_typer(privacy.consent_app, name="consent")
