# Two commands are enough: `make run` starts everything, `make test` tests everything.
# Each step leaves a stamp in .venv, so nothing is done twice.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VENDOR := api/static/vendor
MODULES := assets/node_modules
TEST_SECONDS := 2400

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_REQUIRE_VIRTUALENV := 1
# Compiled modules are kept, whatever the machine's habit: every process would compile everything anew at its start.
export PYTHONDONTWRITEBYTECODE :=

PIP := $(BIN)/python -m pip install --quiet --progress-bar off --no-compile
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix assets --no-audit --no-fund --silent --ignore-scripts
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --group build

# As root installs Debian packages; anybody else is told which ones are missing.
define system_packages
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "正在安装系统软件包：$(1)"; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends $(1) >/dev/null; \
else \
	echo "缺少系统软件包。请先由管理员运行下面的命令，再重新运行 make。" >&2; \
	echo "System packages are missing. First have an administrator run:" >&2; \
	echo "    apt-get install $(1)" >&2; \
	exit 1; \
fi
endef

.PHONY: run setup test faults check bench lock develop browser mailserver clock scanner many lint format types imports docs
.NOTPARALLEL:
.DELETE_ON_ERROR:

run: setup
	@$(BIN)/gongjiang up

setup: $(VENV)/.installed $(VENV)/.assets

test: develop browser mailserver clock scanner many
	@timeout --signal=INT --kill-after=60 $(TEST_SECONDS) $(BIN)/python -m pytest -q -n 3 --dist loadscope --no-loadscope-reorder

# The long run: so many seasons in which processes are killed, and so many killed senders at each point.
STORMS ?= 200
KILLS ?= 100
faults: develop mailserver
	@$(BIN)/python -m pytest -q -s tests/faults/test_storms.py tests/notifications/test_killed.py --storms $(STORMS) --kills $(KILLS)

check: lint format types imports docs

bench: setup
	@$(BIN)/python -m bench

lock: develop
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --output-file requirements-dev.lock --group dev --constraint requirements.lock
	@$(NPM) --omit-lockfile-registry-resolved install --package-lock-only
	@$(BIN)/python -c 'import json, pathlib; path = pathlib.Path("assets/package-lock.json"); \
		lock = json.loads(path.read_text()); [part.pop("funding", None) for part in lock["packages"].values()]; \
		path.write_text(json.dumps(lock, indent=2) + "\n")'

# What `check` consists of

lint: develop
	@$(BIN)/ruff check --quiet .

format: develop
	@$(BIN)/ruff format --quiet --check .

types: develop
	@$(BIN)/mypy .

imports: develop
	@$(BIN)/lint-imports

docs: develop
	@if [ -e docs/check.py ]; then $(BIN)/python -m docs.check; fi

# What is installed

develop: setup $(VENV)/.develop

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要 Python 3.11 或更新的版本。Python 3.11 or newer is needed." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call system_packages,python3-venv); }
	@echo "1/3 建立 Python 环境"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "2/3 安装程序库（首次需要一两分钟）"
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.assets: $(VENV)/.installed assets/package-lock.json
	@echo "3/3 取得页面样式与图表"
	@$(NPM) ci
	@mkdir -p $(VENDOR)
	@cp $(MODULES)/@tabler/core/dist/css/tabler.min.css $(MODULES)/@tabler/core/dist/js/tabler.min.js \
		$(MODULES)/echarts/dist/echarts.min.js $(VENDOR)/
	@rm -rf $(MODULES)
	@touch $@

$(VENV)/.develop: $(VENV)/.installed requirements-dev.lock
	@echo "安装测试与检查所需的程序库"
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

browser: $(VENV)/.browser

$(VENV)/.browser: $(VENV)/.created
	@if ! command -v chromium >/dev/null || ! dpkg -s fonts-noto-cjk >/dev/null 2>&1; then \
		$(call system_packages,chromium fonts-noto-cjk); fi
	@touch $@

mailserver: $(VENV)/.mailserver

# The tests start it themselves, on a port of their own: as a service it is not wanted.
$(VENV)/.mailserver: $(VENV)/.created
	@if [ ! -x /usr/sbin/dovecot ]; then \
		$(call system_packages,dovecot-imapd) && \
		{ systemctl disable --now dovecot.socket dovecot.service >/dev/null 2>&1 || true; }; fi
	@touch $@

clock: $(VENV)/.clock

# The tests of midnight and of a clock that jumps move it for one process.
$(VENV)/.clock: $(VENV)/.created
	@if ! command -v faketime >/dev/null; then $(call system_packages,faketime); fi
	@touch $@

scanner: $(VENV)/.scanner

# The tests start it themselves, with one signature of their own: neither it nor its updates are wanted as services.
$(VENV)/.scanner: $(VENV)/.created
	@if [ ! -x /usr/sbin/clamd ]; then \
		$(call system_packages,clamav-daemon) && \
		{ systemctl disable --now clamav-daemon.socket clamav-daemon.service clamav-freshclam.service \
			>/dev/null 2>&1 || true; }; fi
	@touch $@

many: $(VENV)/.many

# For the tests of several servers behind one address; they start both themselves.
$(VENV)/.many: $(VENV)/.created
	@if [ ! -x /usr/bin/redis-server ] || [ ! -x /usr/sbin/nginx ]; then \
		$(call system_packages,redis-server nginx-light) && \
		{ systemctl disable --now redis-server.service nginx.service >/dev/null 2>&1 || true; }; fi
	@touch $@
