// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A NULL member read in a work function: process context, a "Workqueue:" line in the log. */
#include <linux/workqueue.h>
#include "field.h"
IN_TREE;

struct ixgbe_ring {
	u64 stats[3];
	u64 next_to_clean; /* at 0x18 */
};

struct ixgbe_adapter {
	struct ixgbe_ring *tx_ring[2];
	struct delayed_work service_task;
	u64 pending;
};

static struct ixgbe_adapter adapter;
static struct workqueue_struct *ixgbe_wq;

static OWN_FRAME void ixgbe_watchdog_flush_tx(struct ixgbe_adapter *a)
{
	struct ixgbe_ring *ring = READ_ONCE(a->tx_ring[1]); /* freed on link loss, never set up again */

	a->pending += READ_ONCE(ring->next_to_clean);
}

static OWN_FRAME void ixgbe_service_task(struct work_struct *work)
{
	struct ixgbe_adapter *a = container_of(to_delayed_work(work), struct ixgbe_adapter, service_task);

	ixgbe_watchdog_flush_tx(a);
	queue_delayed_work(ixgbe_wq, &a->service_task, HZ);
}

static int __init ixgbe_init_module(void)
{
	ixgbe_wq = alloc_workqueue("ixgbe", WQ_UNBOUND, 0);
	if (!ixgbe_wq)
		return -ENOMEM;
	INIT_DELAYED_WORK(&adapter.service_task, ixgbe_service_task);
	queue_delayed_work(ixgbe_wq, &adapter.service_task, HZ / 2);
	return 0;
}
module_init(ixgbe_init_module);
MODULE_DESCRIPTION("Intel(R) 10 Gigabit PCI Express Network Driver");
MODULE_LICENSE("GPL");
