# The GAN course. `make lab` opens the lessons, `make test` runs every test.

PYTHONS  = python3.13 python3.12 python3.11 python3 python
UV      := $(shell command -v uv 2>/dev/null)
VENV_PY  = .venv/bin/python
PIP      = $(if $(UV),"$(UV)" pip install --python $(VENV_PY),$(VENV_PY) -m pip install --disable-pip-version-check)
READY    = $(if $(filter 1 yes,$(GPU)),.venv/.ready-gpu,.venv/.ready)
SOURCES  = course_utils tests notebooks/source notebooks/solutions/source
BOOKS    = notebooks/*.ipynb notebooks/solutions/*.ipynb

# In a folder with other letters than English ones TensorFlow needs it, in any locale.
export PYTHONUTF8 = 1

LAB_OPTIONS = --ServerApp.root_dir=notebooks --ServerApp.ip=127.0.0.1 \
	$(if $(PORT),--port=$(PORT)) \
	$(if $(filter no,$(BROWSER)),--no-browser) \
	$(if $(filter 0,$(shell id -u)),--allow-root)

.PHONY: help setup lab test soak bench notebooks format clean distclean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make lab PORT=8890 BROWSER=no    on a server: this port, no browser window"
	@echo "  make lab GPU=1                   with TensorFlow's CUDA libraries (Linux, NVIDIA)"
	@echo "  make notebooks ONLY=01           build one notebook"
	@echo "  make notebooks ONLY=01 PROSE=1   the same after changes to text cells: nothing runs"
	@echo "  make bench ONLY=gan JSON=path    one line of the table, kept in a file"
	@echo "  make setup PYTHON=/path/python   with this Python (3.11, 3.12 or 3.13)"

setup: $(READY) ## make .venv and install what the course needs
	@echo "Ready: .venv with $$($(VENV_PY) --version)."

lab: $(READY) ## open the lessons in JupyterLab (sets up first, if needed)
	@echo "Starting JupyterLab on notebooks/; Ctrl-C stops it."
	@JUPYTER_CONFIG_PATH="$(CURDIR)/course_utils$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
	$(VENV_PY) -m jupyterlab $(LAB_OPTIONS)

test: $(READY) ## run all tests: style, the package, every notebook
	@echo "Tests 1/3, style: ruff on $(SOURCES)"
	@$(VENV_PY) -m ruff format --check $(SOURCES)
	@$(VENV_PY) -m ruff check $(SOURCES)
	@echo "Tests 2/3, the package: pytest tests"
	@$(VENV_PY) -m pytest tests -n 2
	@echo "Tests 3/3, the notebooks: nbval runs each one and compares its outputs"
	@ls $(BOOKS) >/dev/null
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && trap 'exit 130' INT TERM && \
	COURSE_RUN=quick COURSE_DATA=miniature COURSE_HOME="$$home" \
	$(VENV_PY) -m pytest --nbval --nbval-current-env --nbval-cell-timeout=300 \
	  -p tests.nbval_stderr -n 2 --dist loadscope $(BOOKS)

soak: $(READY) ## the long tests of what may go wrong: kills, odd files, odd machines
	@echo "Soaking: the tests of tests/soak, many times what make test runs of them."
	@COURSE_SOAK=1 $(VENV_PY) -m pytest tests/soak

bench: $(READY) ## measure the lessons' trainings beside the usual way (20 minutes)
	@echo "Measuring: leave the machine alone meanwhile."
	@$(VENV_PY) tests/bench.py

notebooks: $(READY) ## build and run the notebooks from notebooks/source (ONLY=01: one)
	@echo "$(if $(PROSE),Taking over new text into,Building) $(or $(ONLY),all) in notebooks/ from notebooks/source."
	@$(VENV_PY) -m course_utils.build $(if $(PROSE),--prose) $(ONLY)

format: $(READY) ## put imports in order and format the Python files
	@$(VENV_PY) -m ruff check --quiet --select I --fix $(SOURCES)
	@$(VENV_PY) -m ruff format $(SOURCES)

clean: ## remove what runs made and caches; keeps weights and data/downloads
	@echo "Removing runs/, data/cache and the tools' caches."
	@rm -rf runs data/cache .pytest_cache .ruff_cache build dist
	@find course_utils tests notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \
	  -o -name .pytest_cache \) -prune -exec rm -rf {} +

distclean: clean ## clean, and remove .venv as well
	@echo "Removing .venv."
	@rm -rf .venv *.egg-info

# The stamp .venv/.ready is written last and holds the folder's path. Without it, or when
# the folder has moved, .venv is made anew; when only the two files changed, updated.
ifneq ($(shell test -x $(VENV_PY) && cat .venv/.ready 2>/dev/null),$(CURDIR))
.PHONY: $(VENV_PY) .venv/.ready
endif

$(VENV_PY):
	@py= ; no_venv= ; found= ; \
	for p in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
	  v=$$("$$p" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  found="$$found $$p ($$v)"; \
	  case "$$v" in 3.11|3.12|3.13) ;; *) continue ;; esac; \
	  if [ -n "$(UV)" ] || "$$p" -c 'import venv, ensurepip' 2>/dev/null; then py=$$p; break; fi; \
	  no_venv="$$p"; \
	done; \
	if [ -z "$$py" ] && [ -n "$$no_venv" ]; then \
	  echo "$$no_venv cannot make virtual environments: its venv module is not complete." >&2; \
	  echo "On Debian and Ubuntu: sudo apt install python3-venv, then the same command again." >&2; \
	  exit 1; \
	elif [ -z "$$py" ]; then \
	  echo "The course needs Python 3.11, 3.12 or 3.13; found:$${found:- none}." >&2; \
	  echo "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv)" \
	    "or name one: make setup PYTHON=/path/to/python3.13" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$py ($$v)."; \
	rm -rf .venv && \
	$(if $(UV),"$(UV)" venv --quiet --seed --python "$$py" .venv,"$$py" -m venv .venv)

.venv/.ready: requirements.txt pyproject.toml | $(VENV_PY)
	@echo "Installing requirements.txt into .venv: some minutes and 3 GB the first time."
	@rm -f .venv/.ready .venv/.ready-gpu
	@$(PIP) -r requirements.txt || { \
	  echo "The installation failed; the reason stands above. Is the network there, are 3 GB free?" >&2; \
	  echo "Then give the same command again. Behind a proxy, set HTTPS_PROXY first." >&2; \
	  exit 1; }
	@pwd -P > $@

.venv/.ready-gpu: .venv/.ready
	@echo "Installing TensorFlow's CUDA libraries into .venv: some GB more."
	@$(PIP) "$$(sed -n 's/^tensorflow\(==[^ ]*\).*/tensorflow[and-cuda]\1/p' requirements.txt)" || { \
	  echo "The CUDA libraries could not be installed; they exist for Linux with an NVIDIA GPU." >&2; \
	  echo "Without GPU=1 the course runs on the processor." >&2; exit 1; }
	@touch $@
