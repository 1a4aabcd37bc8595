# On a fresh Debian 12 with git, make and the .NET 10 SDK:
#   make demo     installs what is missing, builds, and shows a student distilled on pictures that Retort draws itself
#   make test     builds and runs all tests
# For development:
#   make build    the bridge to libtorch and the solution
#   make bench    the benchmarks, as ratios against baselines of the same run
#   make gpu-bundle packs what checks a GPU on a machine without .NET (docs/gpu.md)
#   make native TORCH_DIR=/path/to/libtorch    the bridge against another libtorch (1.13 to 2.x, with CUDA too)
#   make sanitize the native code with the address and undefined-behaviour sanitizers, and the tests that use it most
#   make surface  writes down the public surface of every library (tests compare it)
#   make fuzz SECONDS=600 [TARGET=coco] [SEED=2]    damaged inputs for every reader; REPLAY=file reads one of those that failed again
#   make format   puts white space in order; `make lint` only checks it

SHELL := /bin/bash
CONFIGURATION ?= Release
NATIVE := artifacts/native
TORCH_DIR ?=
JOBS := $(shell nproc)
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: build native managed install demo test bench gpu-bundle sanitize fuzz lint format clean surface

build: native managed

install:
	@scripts/install.sh

native: install
	@mkdir -p $(NATIVE)
	@# A checkout that was moved or copied is configured anew.
	@[ "$$(realpath -q "$$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' $(NATIVE)/CMakeCache.txt 2> /dev/null)")" = "$$(realpath native)" ] || rm -rf $(NATIVE)/CMakeCache.txt $(NATIVE)/CMakeFiles
	@cmake -S native -B $(NATIVE) $(if $(TORCH_DIR),-DTORCH_DIR=$(TORCH_DIR)) > $(NATIVE)/build.log 2>&1 || (cat $(NATIVE)/build.log; exit 1)
	@cmake --build $(NATIVE) -j $(JOBS) >> $(NATIVE)/build.log 2>&1 || (cat $(NATIVE)/build.log; exit 1)
	@echo "bridge: $(NATIVE)/libretort.so"

managed:
	@mkdir -p artifacts
	@touch artifacts/.retort-built.new
	@dotnet build Retort.slnx -c $(CONFIGURATION) -v q -nologo
	@if [ $(CONFIGURATION) = Release ]; then mv artifacts/.retort-built.new artifacts/.retort-built; fi

demo: build
	@./retort demo

test: build
	@scripts/test.sh $(CONFIGURATION)

bench: build
	@dotnet run --project benchmarks/Retort.Benchmarks -c Release --no-build -- $(ARGS)

sanitize: managed
	@scripts/sanitize.sh $(CONFIGURATION) $(TORCH_DIR)

fuzz: build
	@dotnet run --project tests/Retort.Fuzzing -c Release --no-build -- --seconds "$(SECONDS)" --target "$(TARGET)" --seed "$(SEED)" --replay "$(REPLAY)"

gpu-bundle: build
	@scripts/gpu-bundle.sh

lint:
	@dotnet format whitespace Retort.slnx --verify-no-changes

format:
	@dotnet format whitespace Retort.slnx

clean:
	rm -rf artifacts

surface:
	@RETORT_WRITE_SURFACE=1 dotnet test tests/Retort.Cli.Tests -c $(CONFIGURATION) -v q -nologo --filter FullyQualifiedName~PublicSurface
