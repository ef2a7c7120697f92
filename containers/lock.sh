#!/bin/sh
# Renew requirements.lock: all packages but torch, which is chosen with its variant, and what torch brings for GPUs.
set -eu
cd "$(dirname "$0")/.."
uv pip compile pyproject.toml --extra cohort --python-version 3.11 --python-platform x86_64-unknown-linux-gnu \
    --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-package torch --no-emit-package triton "$@" \
    > containers/requirements.all
# What belongs to CUDA comes with torch.
awk '/^[a-z0-9]/ { keep = !/^(nvidia|cuda)-/ } keep' containers/requirements.all > containers/requirements.lock
rm containers/requirements.all
