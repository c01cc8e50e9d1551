# Short names. `python3 up.py --help` says what is behind them.
PYTHON ?= python3
ARGS ?=

.PHONY: help run test quick check messages bench evaluate chaos docker clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up and run everything
	$(PYTHON) up.py $(ARGS)

test: ## all tests; ARGS="tests/feedback -x" goes to pytest
	$(PYTHON) up.py test $(ARGS)

quick: ## the tests without the slow ones
	$(PYTHON) up.py test -m "not slow and not chaos" $(ARGS)

check: ## lint, types, migrations, deployment, architecture, translations
	$(PYTHON) up.py check

messages: ## collect the texts to translate, compile the translations
	$(PYTHON) up.py messages

bench: ## measure speed; ARGS="intake --help"
	$(PYTHON) up.py bench $(ARGS)

evaluate: ## measure the analysis of texts
	$(PYTHON) up.py manage evaluate $(ARGS)

chaos: ## kill everything at random; ARGS="--kills 50 --submissions 10000"
	$(PYTHON) up.py test -n0 -m chaos $(ARGS)

docker: ## build the image
	docker build -t earshot .

clean: ## remove what runs leave behind, but not the data in var
	rm -rf .pytest_cache .ruff_cache var/mypy var/static
