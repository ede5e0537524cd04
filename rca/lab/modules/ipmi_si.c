// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A module that leaves with its timer still armed: the timer then jumps into text that is gone. */
#include <linux/slab.h>
#include <linux/timer.h>
#include "field.h"
IN_TREE;

/* On the heap: in the module's own data it would go with the module, and the timer wheel itself would fault. */
static struct timer_list *si_timer;

static OWN_FRAME void smi_timeout(struct timer_list *t)
{
	mod_timer(t, jiffies + HZ / 10);
}

static int __init init_ipmi_si(void)
{
	si_timer = kzalloc(sizeof(*si_timer), GFP_KERNEL);
	if (!si_timer)
		return -ENOMEM;
	timer_setup(si_timer, smi_timeout, 0);
	mod_timer(si_timer, jiffies + HZ / 10);
	return 0;
}

static void __exit cleanup_ipmi_si(void)
{
	/* no del_timer_sync() */
}
module_init(init_ipmi_si);
module_exit(cleanup_ipmi_si);
MODULE_DESCRIPTION("Interface to the IPMI driver for the KCS, SMIC, and BT system interfaces.");
MODULE_LICENSE("GPL");
