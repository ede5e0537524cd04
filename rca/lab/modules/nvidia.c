// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* Proprietary, out of tree, loaded, and innocent: it taints the kernel POE and does nothing else. */
#include "field.h"

static int __init nvidia_init_module(void)
{
	pr_info("NVRM: loading NVIDIA UNIX x86_64 Kernel Module\n");
	return 0;
}
module_init(nvidia_init_module);
MODULE_DESCRIPTION("NVIDIA UNIX kernel module");
MODULE_LICENSE("NVIDIA");
