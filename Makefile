# What can be done here. `make` alone lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint format lock messages bench clean

help: ## List what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/' | expand -t 16

run: ## Install what is needed and serve the site on http://127.0.0.1:8000 (PORT=8001 for another)
	@bash deploy/run.sh

test: ## Lint, check the types, and run all tests on SQLite, on PostgreSQL and in Chromium
	@bash deploy/test.sh

lint: ## Only the linters, the types and Django's checks
	@bash deploy/test.sh lint

format: ## Put the Python code into its usual form
	@bash deploy/install.sh requirements-dev.txt
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .

lock: ## Lock the requirements anew, with hashes (UPGRADE=1 takes the newest versions)
	@bash deploy/lock.sh

messages: ## Collect the words of the interface for translation, and compile the translations
	@bash deploy/install.sh requirements-dev.txt
	@.venv/bin/python manage.py makemessages --locale fr --no-location --no-wrap --no-obsolete \
		--ignore .venv --ignore var --ignore tests --ignore benchmarks
	@.venv/bin/python manage.py compilemessages --locale fr --ignore .venv

bench: ## Measure the speed on large synthetic records; takes long
	@bash deploy/install.sh requirements-dev.txt
	@.venv/bin/python benchmarks/run.py

clean: ## Remove what the tests and linters left; keeps .venv and the data in var/
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/failures
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
