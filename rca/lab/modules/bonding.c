// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A walk that follows the next pointer of an entry just deleted: a fault at LIST_POISON1 + 8. */
#include <linux/list.h>
#include <linux/workqueue.h>
#include "field.h"
IN_TREE;

struct slave {
	int link;
	struct list_head list;
};

static LIST_HEAD(slaves);
static struct slave eth[2];
static struct workqueue_struct *bond_wq;
static struct delayed_work mii_work;

static OWN_FRAME struct list_head *bond_release_slave(struct list_head *pos)
{
	struct list_head *next;

	list_del(pos);
	next = READ_ONCE(pos->next); /* LIST_POISON1, 0xdead000000000100 */
	return READ_ONCE(next->prev);
}

static OWN_FRAME void bond_mii_monitor(struct work_struct *work)
{
	if (bond_release_slave(&eth[0].list) == &slaves)
		queue_delayed_work(bond_wq, &mii_work, HZ);
}

static int __init bonding_init(void)
{
	list_add_tail(&eth[0].list, &slaves);
	list_add_tail(&eth[1].list, &slaves);
	bond_wq = alloc_ordered_workqueue("bond0", WQ_MEM_RECLAIM);
	if (!bond_wq)
		return -ENOMEM;
	INIT_DELAYED_WORK(&mii_work, bond_mii_monitor);
	queue_delayed_work(bond_wq, &mii_work, HZ / 2);
	return 0;
}
module_init(bonding_init);
MODULE_DESCRIPTION("Ethernet Channel Bonding Driver");
MODULE_LICENSE("GPL");
