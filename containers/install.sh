#!/bin/sh
# Install IQT with its models into a new virtual environment: the one recipe of the Docker and Apptainer images.
# Usage: install.sh ENVIRONMENT cpu|cuda      (TORCH: its version; from the top folder of the repository)
set -eu
environment=$1
variant=$2
torch=${TORCH:-2.13.0}
python3 -m venv "$environment"
pip="$environment/bin/pip install --no-cache-dir --disable-pip-version-check"
case $variant in
cpu) $pip ${CPU_WHEELS-"--index-url=https://download.pytorch.org/whl/cpu"} "torch==$torch" ;;
cuda) $pip "torch==$torch" ;;
*) echo "variant $variant: choose cpu or cuda" >&2; exit 2 ;;
esac
$pip --no-deps --require-hashes -r containers/requirements.lock
$pip --no-deps .
"$environment/bin/pip" check --disable-pip-version-check
"$environment/bin/iqt" models check srep-t1w-x4-fast
# The list of all that is inside (SBOM), made by a program that stays outside.
python3 -m venv "$environment.sbom"
"$environment.sbom/bin/pip" install --no-cache-dir --disable-pip-version-check --quiet "cyclonedx-bom==7.5.0"
"$environment.sbom/bin/cyclonedx-py" environment "$environment/bin/python" --output-file "$environment/sbom.json"
rm -r "$environment.sbom"
