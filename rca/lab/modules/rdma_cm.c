// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* One entry deleted from its list by another path while still linked elsewhere: list_del finds it inconsistent. */
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include "field.h"
IN_TREE;

struct rdma_id_private {
	int state;
	struct list_head listen_list;
};

static LIST_HEAD(listen_any_list);

static OWN_FRAME void _cma_cancel_listens(struct rdma_id_private *id_priv)
{
	id_priv->state = 7;
	list_del(&id_priv->listen_list);
	kfree(id_priv);
}

OWN_FRAME void rdma_destroy_id(struct rdma_id_private *id_priv);
OWN_FRAME void rdma_destroy_id(struct rdma_id_private *id_priv)
{
	_cma_cancel_listens(id_priv);
	cond_resched();
}

static OWN_FRAME ssize_t ucma_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct rdma_id_private *first = kzalloc(sizeof(*first), GFP_KERNEL);
	struct rdma_id_private *second = kzalloc(sizeof(*second), GFP_KERNEL);

	if (!first || !second)
		return -ENOMEM;
	list_add_tail(&first->listen_list, &listen_any_list);
	list_add_tail(&second->listen_list, &listen_any_list);
	/* Moved without the list's lock: the neighbours no longer point at "second", which still points at them. */
	WRITE_ONCE(first->listen_list.next, &listen_any_list);
	rdma_destroy_id(second);
	return len;
}

static const struct file_operations ucma_fops = { .owner = THIS_MODULE, .write = ucma_write };
static struct miscdevice ucma_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "rdma_cm",
	.nodename = "infiniband/rdma_cm",
	.fops = &ucma_fops,
};
module_misc_device(ucma_misc);
MODULE_DESCRIPTION("Generic RDMA CM Agent");
MODULE_LICENSE("GPL");
