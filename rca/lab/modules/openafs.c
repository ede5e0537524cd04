// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* BUG() on a reference count that went negative. */
#include <linux/kthread.h>
#include "field.h"

struct vcache {
	int refcount;
	int flushed;
};

static struct vcache root_vcache = { .refcount = -1 };

static OWN_FRAME void afs_FlushVCache(struct vcache *avc)
{
	BUG_ON(READ_ONCE(avc->refcount) < 0);
	avc->flushed++;
}

static OWN_FRAME int afs_Daemon(void *data)
{
	afs_FlushVCache(data);
	return 0;
}

static int __init afs_init(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(afs_Daemon, &root_vcache, "afs_background"));
}
module_init(afs_init);
MODULE_DESCRIPTION("OpenAFS client");
MODULE_LICENSE("GPL");
