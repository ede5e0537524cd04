// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A call through a NULL function pointer from a timer: RIP is 0x0, so the caller is to blame. */
#include <linux/timer.h>
#include "field.h"
IN_TREE;

struct bnxt_ulp_ops {
	void (*ulp_start)(void *handle);
	int (*ulp_async_notifier)(void *handle, u32 event); /* a client that registered no notifier */
};

struct bnxt {
	struct bnxt_ulp_ops *ulp_ops;
	struct timer_list timer;
	int events;
};

static struct bnxt_ulp_ops client_ops;
static struct bnxt nic = { .ulp_ops = &client_ops };

static OWN_FRAME void bnxt_ulp_async_events(struct bnxt *bp, u32 event)
{
	struct bnxt_ulp_ops *ops = READ_ONCE(bp->ulp_ops);

	bp->events += ops->ulp_async_notifier(bp, event);
}

static OWN_FRAME void bnxt_timer(struct timer_list *t)
{
	struct bnxt *bp = from_timer(bp, t, timer);

	bnxt_ulp_async_events(bp, 5);
	mod_timer(&bp->timer, jiffies + HZ);
}

static int __init bnxt_init(void)
{
	timer_setup(&nic.timer, bnxt_timer, 0);
	mod_timer(&nic.timer, jiffies + HZ / 2);
	return 0;
}
module_init(bnxt_init);
MODULE_DESCRIPTION("Broadcom BCM573xx network driver");
MODULE_LICENSE("GPL");
