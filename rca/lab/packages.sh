#!/bin/sh
# Print the Debian 12 packages that the lab and `crash` need, for the newest 6.1 cloud kernel that has all of image,
# symbols and headers:  apt-get install -y --no-install-recommends $(sh rca/lab/packages.sh)
set -eu
known=$(apt-cache pkgnames linux-)
for number in $(echo "$known" | sed -n 's/^linux-image-6\.1\.0-\([0-9]*\)-cloud-amd64-dbg$/\1/p' | sort -rn); do
    release="6.1.0-$number-cloud-amd64"
    wanted="linux-image-$release linux-image-$release-dbg linux-headers-$release"
    lacking=no
    for package in $wanted; do
        echo "$known" | grep -qx "$package" || lacking=yes
    done
    if [ $lacking = no ]; then
        echo "$wanted qemu-system-x86 busybox-static kexec-tools makedumpfile e2fsprogs crash gcc make binutils"
        exit 0
    fi
done
echo "no 6.1 cloud kernel with image, symbols and headers: is apt-get update done?" >&2
exit 1
