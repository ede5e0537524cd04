// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A WARN while the driver probes: a panic only where panic_on_warn is set. */
#include "field.h"
IN_TREE;

static OWN_FRAME int i40e_probe(int num_tx_queues)
{
	WARN_ON(READ_ONCE(num_tx_queues) == 0);
	return 0;
}

static int __init i40e_init_module(void)
{
	return i40e_probe(0);
}
module_init(i40e_init_module);
MODULE_DESCRIPTION("Intel(R) Ethernet Connection XL710 Network Driver");
MODULE_LICENSE("GPL");
