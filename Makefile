# Retort: two commands on a fresh machine are `make demo` and `make test`; the rest is for development.
SHELL := /bin/bash
NATIVE := artifacts/native
TORCH_DIR ?=
JOBS := $(shell nproc)

.PHONY: native
native:
	cmake -S native -B $(NATIVE) $(if $(TORCH_DIR),-DTORCH_DIR=$(TORCH_DIR)) > $(NATIVE).log 2>&1 || (cat $(NATIVE).log; exit 1)
	cmake --build $(NATIVE) -j $(JOBS)
