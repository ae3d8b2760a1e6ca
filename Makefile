# `make help` lists what there is. It runs on Linux, macOS and in Git's bash on Windows.
# Options go into ARGS, for example: make lab ARGS="--no-browser --port 8899"

ARGS ?=
ifeq ($(OS),Windows_NT)
PYTHON ?= python
VENV_PYTHON := .venv/Scripts/python.exe
PATH_SEPARATOR := ;
else
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
PATH_SEPARATOR := :
endif
FIRST_PAGE := notebooks/01_bce_refresher.ipynb
# The course works offline: JupyterLab need not ask about news and updates.
NO_NEWS := {"@jupyterlab/apputils-extension:notification": \
	{"fetchNews": "false", "checkForUpdates": false}}

# Pictures of a slider come without a wait: see gan_lib/widgets/lab_server.py.
PROMPT_PICTURES := --ServerApp.jpserver_extensions=gan_lib.widgets.lab_server=True

# With the folder itself on the path, the course can be moved or renamed after the installation.
export PYTHONPATH := $(CURDIR)$(if $(PYTHONPATH),$(PATH_SEPARATOR)$(PYTHONPATH))

.PHONY: help lab test test-answers test-exports test-orders test-interrupts test-oldest test-colab
.PHONY: notebooks times print bench slides present showcase site

help:
	@echo 'make lab        opens the course in JupyterLab (installs it first, once)'
	@echo 'make present    a notebook for presenting: make present NOTEBOOK=notebooks/04_....ipynb'
	@echo 'make slides     builds the lecture: build/slides/lecture.html, and a PDF of it'
	@echo 'make showcase   puts the groups'\'' notebooks into one deck: FROM=folder ORDER=list.txt'
	@echo 'make site       writes the course as web pages: build/site/index.html'
	@echo 'make test       runs all tests and all notebooks'
	@echo 'make print      notebooks without the answers, into build/print; ARGS="notebooks/04*.ipynb"'
	@echo 'make test-oldest  all tests with the oldest versions that are admitted'
	@echo 'make test-colab  all tests with the versions of Colab'
	@echo 'make test-answers  puts every right answer of the bank into the notebooks'
	@echo 'make test-orders  runs every notebook in ten random orders, not one'
	@echo 'make test-interrupts  interrupts loops and games 2,000 times'
	@echo 'make bench      measures speed and quality into build/bench.json; ARGS=--quick'
	@echo 'make notebooks  runs the notebooks and stores their outputs; ARGS="notebooks/04*.ipynb"'
	@echo 'make times      runs the notebooks one by one and writes their times into the README'
	@echo 'make test-exports  tests the exports alone, and runs every notebook as a script'

lab: .venv/installed
	$(VENV_PYTHON) -m jupyterlab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir="$(CURDIR)" \
		$(PROMPT_PICTURES) $(ARGS) $(FIRST_PAGE)

present: .venv/installed-present
	$(VENV_PYTHON) -m tools.presenting $(NOTEBOOK) $(ARGS)

slides: .venv/installed-slides
	$(VENV_PYTHON) -m slides.build $(ARGS)

showcase: .venv/installed-slides
	@test -n "$(FROM)" || { echo 'Name the folder with the notebooks of the groups:' \
		'make showcase FROM=folder' >&2; exit 1; }
	$(VENV_PYTHON) -m slides.showcase "$(FROM)" $(if $(ORDER),--order "$(ORDER)") $(ARGS)

site: .venv/installed-slides
	$(VENV_PYTHON) -m tools.site.build $(ARGS)

# As many files at a time as there are cores, at most four: each needs about 1.5 GB of memory.
# A file's tests stay together, since the cells of a notebook need those before them; long files
# come in their alphabetical order, not last because they hold few tests.
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 4 --dist loadfile \
	--no-loadscope-reorder

test: .venv/installed-test
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m pytest $(SIDE_BY_SIDE) $(ARGS)

test-answers: .venv/installed-test
	WHOLE_RUNS=1 $(VENV_PYTHON) -m pytest tests/test_exercises_following.py \
		tests/test_notebooks.py $(ARGS)

test-exports: .venv/installed-test
	GAN_COURSE_ALL_SCRIPTS=1 $(VENV_PYTHON) -m pytest tests/test_exports.py $(ARGS)

print: .venv/installed-test
	$(VENV_PYTHON) -m tools.handouts $(ARGS)

times: .venv/installed-test
	GAN_COURSE_TIMES=1 $(VENV_PYTHON) -m pytest $(or $(ARGS),notebooks)
	$(VENV_PYTHON) -m tools.write_times

test-oldest test-colab: test-%: build/venv-%/installed
	build/venv-$*/bin/python -m ruff check .
	build/venv-$*/bin/python -m pytest $(SIDE_BY_SIDE) $(NOT_IN_$*) $(ARGS)

# Ten random orders of every notebook's cells, not one: about ten minutes.
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

# A stamp is written only after a complete installation; a broken .venv is made anew. Python
# compiles a module when it first imports it: to compile all of them here took half a minute.
.venv/installed .venv/installed-present .venv/installed-slides .venv/installed-test: .venv/%: \
		pyproject.toml
	@"$(PYTHON)" -c "$$CHECK_PYTHON"
	@$(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear .venv
	@echo 'Installing the course into .venv. This takes a few minutes, once.'
	$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile \
		--editable '$(WHAT_IS_$*)'
	@mkdir -p .venv/share/jupyter/lab/settings
	@echo '$(NO_NEWS)' > .venv/share/jupyter/lab/settings/overrides.json
	@touch $@

WHAT_IS_installed := .
WHAT_IS_installed-present := .[present]
WHAT_IS_installed-slides := .[slides]
WHAT_IS_installed-test := .[present,slides,test]

# Environments of their own for the versions in tests/constraints-*.txt. The course comes without
# its dependencies, as on Colab, whose ipywidgets only Colab's own page shows.
build/venv-%/installed: tests/constraints-%.txt pyproject.toml
	@test -n "$(PYTHON_$*)" || { echo 'No Python $(VERSIONS_$*) is here. Name one:' \
		'make test-$* PYTHON_$*=/path/to/python3' >&2; exit 1; }
	"$(PYTHON_$*)" -m venv --clear build/venv-$*
	build/venv-$*/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	build/venv-$*/bin/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --editable .
	@touch $@

NOT_IN_colab := --ignore-glob='tests/test_browser*.py'
VERSIONS_oldest := 3.10 3.11 3.12
VERSIONS_colab := 3.13
PYTHON_oldest ?= $(call first_that_runs,$(VERSIONS_oldest))
PYTHON_colab ?= $(call first_that_runs,$(VERSIONS_colab))
# From the path, or from pyenv, whose own python3.x may be there and not run.
first_that_runs = $(shell for python in $(foreach v,$(1),\
	python$(v) $(wildcard $(HOME)/.pyenv/versions/$(v).*/bin/python)); do \
	if "$$python" -m venv --help >/dev/null 2>&1; then echo "$$python"; break; fi; done)

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
