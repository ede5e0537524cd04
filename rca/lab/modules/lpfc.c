// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A pointer read out of an object after it was freed. With slub_debug=P the pointer is 0x6b6b6b6b6b6b6b6b. */
#include <linux/kthread.h>
#include <linux/slab.h>
#include "field.h"
IN_TREE;

struct lpfc_vport {
	u64 pad[5];
	u32 load_flag; /* at 0x28 */
};

struct lpfc_nodelist {
	u64 nlp_state[4];
	struct lpfc_vport *vport;
	u64 more[8];
};

static struct kmem_cache *nodes;
static struct lpfc_vport port;

static OWN_FRAME void lpfc_nlp_put(struct lpfc_nodelist *ndlp)
{
	kmem_cache_free(nodes, ndlp);
}

static OWN_FRAME u32 lpfc_disc_state_machine(struct lpfc_nodelist *ndlp)
{
	struct lpfc_vport *vport = READ_ONCE(ndlp->vport);

	return READ_ONCE(vport->load_flag);
}

static OWN_FRAME int lpfc_do_work(void *data)
{
	struct lpfc_nodelist *ndlp = kmem_cache_zalloc(nodes, GFP_KERNEL);

	if (!ndlp)
		return -ENOMEM;
	ndlp->vport = &port;
	lpfc_nlp_put(ndlp); /* one put too many */
	return lpfc_disc_state_machine(ndlp) & 1;
}

static int __init lpfc_init(void)
{
	nodes = kmem_cache_create("lpfc_nodelist", sizeof(struct lpfc_nodelist), 0, 0, NULL);
	if (!nodes)
		return -ENOMEM;
	return PTR_ERR_OR_ZERO(kthread_run(lpfc_do_work, NULL, "lpfc_worker_0"));
}
module_init(lpfc_init);
MODULE_DESCRIPTION("Emulex LightPulse Fibre Channel SCSI driver");
MODULE_LICENSE("GPL");
