#!/bin/sh
# Runs the images' recipe where no container engine is: in a new Debian root file system, then as any user on a read-only one.
# Usage, as root, from the top folder of the repository: sh containers/try.sh FOLDER      (needs debootstrap)
# BINDS: folders of the machine that pip needs there, for example one with wheels.
set -eu
root=$1
case $root in /*) ;; *) root=$PWD/$root ;; esac
debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$root"
mkdir "$root/source" "$root/data" "$root/out"
git archive HEAD IQTEnhance/IQTLib Resources/Models containers pyproject.toml README.md LICENSE | tar x -C "$root/source"
mounted=
leave() { for place in $mounted; do umount "$place"; done; }
trap leave EXIT
place() { mkdir -p "$2"; mount --bind "$1" "$2"; mounted="$2 $mounted"; }
for folder in ${BINDS-}; do place "$folder" "$root$folder"; done
place /proc "$root/proc"
chroot "$root" sh -c 'cd /source && sh containers/install.sh /opt/iqt cpu'
rm -r "$root/source"

sample=IQTEnhance/Resources/SampleData/IQT-lowfield-template.nii.gz
mkdir -p "$root/data/sub-01/anat"
cp "$sample" "$root/data/sub-01/anat/sub-01_T1w.nii.gz"
echo '{"Name": "sample", "BIDSVersion": "1.10.0"}' > "$root/data/dataset_description.json"
mkdir -p "$root.out" "$root.tmp"
chmod 777 "$root.out" "$root.tmp"
place "$root" "$root"
mount -o remount,ro,bind "$root"
place /proc "$root/proc"
place "$root.out" "$root/out"
place "$root.tmp" "$root/tmp"
run() { chroot --userspec=12345:12345 "$root" /usr/bin/env -i PATH=/opt/iqt/bin:/usr/bin:/bin HOME=/tmp PYTHONDONTWRITEBYTECODE=1 "$@"; }
run iqt bids /data /out participant --uncertainty
run iqt bids /data /out group
ls "$root.out/sub-01/anat" "$root.out/iqt_report.html"
