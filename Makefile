# make lab: the course in JupyterLab.  make test: all tests.  make notebooks: stored outputs.
# make bench: measured figures.
# Options go into ARGS, for example: make lab ARGS="--no-browser --port 8899"

PYTHON ?= python3
ARGS ?=
VENV_PYTHON := .venv/bin/python
FIRST_PAGE := notebooks/01_bce_refresher.ipynb
# The course works offline: JupyterLab need not ask about news and updates.
NO_NEWS := {"@jupyterlab/apputils-extension:notification": \
	{"fetchNews": "false", "checkForUpdates": false}}

# Pictures of a slider come without a wait: see gan_lib/lab_server.py.
PROMPT_PICTURES := --ServerApp.jpserver_extensions=gan_lib.lab_server=True

# With the folder itself on the path, the course can be moved or renamed after the installation.
export PYTHONPATH := $(CURDIR)$(if $(PYTHONPATH),:$(PYTHONPATH))

.PHONY: help lab test test-orders test-interrupts bench notebooks

help:
	@echo 'make lab        opens the course in JupyterLab (installs it first, once)'
	@echo 'make test       runs all tests and all notebooks'
	@echo 'make test-orders, make test-interrupts    the same with many more tries'
	@echo 'make bench      measures speed and quality into build/bench.json; ARGS=--quick'
	@echo 'make notebooks  runs the notebooks and stores their outputs; ARGS="notebooks/04*.ipynb"'

lab: .venv/installed
	$(VENV_PYTHON) -m jupyterlab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir="$(CURDIR)" \
		$(PROMPT_PICTURES) $(ARGS) $(FIRST_PAGE)

test: .venv/installed-test
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m pytest $(ARGS)

# Ten random orders of every notebook's cells, not two: about ten minutes.
test-orders: .venv/installed-test
	ORDERS=10 $(VENV_PYTHON) -m pytest tests/test_notebook_orders.py $(ARGS)

# 2,000 interrupts in a loop and 24 games stopped by several presses: about five minutes.
test-interrupts: .venv/installed-test
	INTERRUPTS=2000 DOUBLE_PRESSES=24 $(VENV_PYTHON) -m pytest \
		tests/test_progress_interrupts.py $(ARGS)

bench: .venv/installed-test
	$(VENV_PYTHON) -m bench $(ARGS)

notebooks: .venv/installed-test
	$(VENV_PYTHON) -m tools.prepare_notebooks $(ARGS)

# A stamp is written only after a complete installation; a broken .venv is made anew.
.venv/installed: pyproject.toml
	@"$(PYTHON)" -c "$$CHECK_PYTHON"
	@$(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv
	@echo 'Installing the course into .venv. This takes a few minutes, once.'
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --editable .
	@mkdir -p .venv/share/jupyter/lab/settings
	@echo '$(NO_NEWS)' > .venv/share/jupyter/lab/settings/overrides.json
	@touch $@

.venv/installed-test: .venv/installed
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

define CHECK_PYTHON
import sys
found = "%d.%d" % sys.version_info[:2]
if not (3, 10) <= sys.version_info[:2] <= (3, 13):
    sys.exit("The course needs Python 3.10 to 3.13, but this is Python " + found
             + ". Name another one: make lab PYTHON=python3.12")
try:
    import ensurepip, venv
except ImportError:
    sys.exit("This Python cannot make virtual environments: it lacks venv or ensurepip."
             " On Debian or Ubuntu run: sudo apt install python3-venv")
endef
export CHECK_PYTHON
