# The GAN course. `make lab` opens the lessons, `make test` runs every test.

UV      := $(shell command -v uv 2>/dev/null)
PYTHONS  = $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python)
PY       = .venv/bin/python
PIP      = $(if $(UV),"$(UV)" pip install --python $(PY),$(PY) -m pip install)
READY    = $(if $(filter 1 yes,$(GPU)),.venv/.ready-gpu,.venv/.ready)
LAB      = --ServerApp.root_dir=notebooks --ServerApp.ip=127.0.0.1 \
	--LabApp.default_url=/lab/tree/01_fashion_mnist_dcgan.ipynb \
	$(if $(PORT),--port=$(PORT)) $(if $(filter no,$(BROWSER)),--no-browser) \
	$(if $(filter 0,$(shell id -u)),--allow-root)

# In a folder with other letters than English ones TensorFlow needs it, in any locale.
export PYTHONUTF8 = 1

.PHONY: help setup lab test notebooks bench format clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make lab PORT=8890 BROWSER=no    on a server: this port, no browser window"
	@echo "  make lab GPU=1                   with TensorFlow's CUDA libraries (Linux, NVIDIA)"
	@echo "  make notebooks ONLY=01           build lesson 1 and its solutions"
	@echo "  make notebooks ONLY=01 PROSE=1   the same after changes to text cells: nothing runs"
	@echo "  make bench ONLY=gan              one line of the table"
	@echo "  make setup PYTHON=/path/python   with this Python (3.11, 3.12 or 3.13)"

setup: $(READY) ## make .venv and install what the course needs
	@echo "Ready: .venv with $$($(PY) --version)."

lab: $(READY) ## open lesson 1 in JupyterLab (sets up first, if needed)
	@echo "Starting JupyterLab on notebooks/; Ctrl-C stops it."
	@JUPYTER_CONFIG_PATH="$(CURDIR)/course_utils$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
	$(PY) -m jupyterlab $(LAB)

test: $(READY) ## run all tests: style, the package, every notebook
	@echo "Tests 1/3, style: ruff"
	@$(PY) -m ruff format --check . && $(PY) -m ruff check .
	@echo "Tests 2/3, the package: pytest tests"
	@$(PY) -m pytest tests -n 2
	@echo "Tests 3/3, the notebooks: nbval runs each one and compares its outputs"
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT && \
	COURSE_RUN=quick COURSE_DATA=miniature COURSE_HOME="$$home" \
	$(PY) -m pytest --nbval --nbval-current-env --nbval-cell-timeout=300 \
	  -p tests.nbval_stderr -n 2 --dist loadscope \
	  notebooks/*.ipynb notebooks/solutions/*.ipynb

notebooks: $(READY) ## build and run the notebooks from their sources (ONLY=01: one)
	@echo "$(if $(PROSE),Taking new text into,Building) the notebooks: $(or $(ONLY),all)."
	@$(PY) notebooks/build.py $(if $(PROSE),--prose) $(ONLY)

bench: $(READY) ## measure the lessons' trainings beside the usual way (20 minutes)
	@echo "Measuring: leave the machine alone meanwhile."
	@$(PY) tests/bench.py $(ONLY)

format: $(READY) ## put imports in order and format the Python files
	@$(PY) -m ruff check --quiet --select I --fix . && $(PY) -m ruff format .

clean: ## remove what runs made and caches; keeps .venv, weights and data
	@echo "Removing runs/ and the tools' caches."
	@rm -rf runs build dist
	@find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \
	  -o -name .pytest_cache -o -name .ruff_cache \) -prune -exec rm -rf {} +

# .venv/.ready is written last and holds the folder's path. Without it, or when the
# folder has moved, .venv is made anew; when only the two files changed, updated.
ifneq ($(shell test -x $(PY) && cat .venv/.ready 2>/dev/null),$(CURDIR))
.PHONY: $(PY) .venv/.ready
endif

$(PY):
	@found=; for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    2>/dev/null && found="$$python" && break; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "The course needs Python 3.11, 3.12 or 3.13, and found none. Install one," >&2; \
	  echo "or name one: make setup PYTHON=/path/to/python3.13" >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$found."; \
	rm -rf .venv; \
	$(if $(UV),"$(UV)" venv --quiet --seed --python "$$found" .venv,"$$found" -m venv .venv)

.venv/.ready: requirements.txt pyproject.toml | $(PY)
	@echo "Installing requirements.txt into .venv: some minutes and 3 GB the first time."
	@rm -f .venv/.ready .venv/.ready-gpu
	@$(PIP) -r requirements.txt || { \
	  echo "The installation failed; the reason stands above. Is the network there, are 3 GB free?" >&2; \
	  echo "Then give the same command again. Behind a proxy, set HTTPS_PROXY first." >&2; \
	  exit 1; }
	@pwd -P > $@

.venv/.ready-gpu: .venv/.ready
	@echo "Installing TensorFlow's CUDA libraries into .venv: some GB more."
	@$(PIP) "$$(sed -n 's/^tensorflow\(==[^ ]*\).*/tensorflow[and-cuda]\1/p' requirements.txt)"
	@touch $@
