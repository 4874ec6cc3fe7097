# Vigie : toutes les commandes. All commands. « make » seul les montre.
PYTHON ?= python3
RUN = .venv/bin/python
# For a tool that loads the settings and touches no service.
SETTINGS = SECRET_KEY=check DATABASE_URL=postgres:///check BROKER_URL=memory://
# Accents in paths and sentences, whatever the locale. DEMO=0 PORT=8001 FILE=… reach our programs as environment too.
export PYTHONUTF8 = 1
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help start test long check fix bench messages backup restore demo-reset installed installed-dev

help:  ## Montre les commandes
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

start: FIRST = --start
start: installed  ## Démarre Vigie; PORT=8001, DEMO=0 (sans démonstration)
	@$(RUN) -m config.start

test: installed-dev  ## Tous les tests, navigateur compris; ARGS="-k mot"
	@$(RUN) -m config.prepare --browser
	@$(RUN) -m pytest -n 2 -m "not long" $(ARGS)

long: installed-dev  ## Les tests longs : gros documents, coupures, droits
	@$(RUN) -m config.prepare --browser --postgresql
	@$(RUN) -m pytest -n 2 -m "long and not alone" $(ARGS)
	@$(RUN) -m pytest -m "long and alone" $(ARGS)

check: installed-dev  ## Tout ce que l'ordinateur vérifie sans lancer de test
	@$(RUN) -m config.prepare
	@$(RUN) -m config.locks
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m djlint templates --lint --quiet
	@$(SETTINGS) $(RUN) -m mypy
	@.venv/bin/lint-imports --no-cache --no-logo
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(RUN) manage.py messages --check
	@$(RUN) manage.py diagrams --check

fix: installed-dev  ## Met le code en forme
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

bench: installed-dev  ## Mesure la vitesse
	@$(RUN) -m config.prepare
	@$(RUN) -m bench

messages: installed-dev  ## Relève les textes à traduire
	@$(RUN) manage.py messages

backup: installed  ## Sauvegarde base et fichiers dans un seul fichier; FILE=chemin.tar
	@$(RUN) -m config.backup backup

restore: installed  ## Rétablit une sauvegarde : make restore FILE=chemin.tar
	@$(RUN) -m config.backup restore

demo-reset: installed  ## Efface la démonstration; « make start » la recharge
	@$(RUN) -m config.first_run

installed:
	@$(PYTHON) -I -X utf8 config/bootstrap.py embedded $(FIRST)

installed-dev:
	@$(PYTHON) -I -X utf8 config/bootstrap.py dev
