// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A driver that gives up and calls panic() itself. */
#include <linux/workqueue.h>
#include "field.h"
IN_TREE;

static struct workqueue_struct *fault_wq;
static struct delayed_work fault_work;

OWN_FRAME void mpt3sas_halt_firmware(int doorbell);
OWN_FRAME void mpt3sas_halt_firmware(int doorbell)
{
	pr_err("mpt3sas_cm0: fault_state(0x%04x)!\n", doorbell);
	if (doorbell & 0x5000)
		panic("panic in %s\n", __func__);
}

static OWN_FRAME void _base_fault_reset_work(struct work_struct *work)
{
	mpt3sas_halt_firmware(0x5854);
}

static int __init mpt3sas_init(void)
{
	fault_wq = alloc_ordered_workqueue("poll_mpt3sas0_statu", 0);
	if (!fault_wq)
		return -ENOMEM;
	INIT_DELAYED_WORK(&fault_work, _base_fault_reset_work);
	queue_delayed_work(fault_wq, &fault_work, HZ / 2);
	return 0;
}
module_init(mpt3sas_init);
MODULE_DESCRIPTION("LSI MPT Fusion SAS 3.0 Device Driver");
MODULE_LICENSE("GPL");
