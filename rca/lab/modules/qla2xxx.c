// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* Two threads, two spinlocks, opposite order. Each CPU spins on what the other holds. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>
#include "field.h"
IN_TREE;

struct qla_hw_data {
	spinlock_t hardware_lock;
	spinlock_t sess_lock;
	int aborted, freed;
	atomic_t inside; /* both threads wait here for each other, so that the lock-up is certain */
};

static struct qla_hw_data ha;

static void wait_for_other(void)
{
	atomic_inc(&ha.inside);
	while (atomic_read(&ha.inside) < 2)
		cpu_relax();
}

static OWN_FRAME void qla2x00_abort_all_cmds(struct qla_hw_data *hw)
{
	spin_lock(&hw->hardware_lock);
	wait_for_other();
	spin_lock(&hw->sess_lock);
	hw->aborted++;
	spin_unlock(&hw->sess_lock);
	spin_unlock(&hw->hardware_lock);
}

static OWN_FRAME void qlt_free_session_done(struct qla_hw_data *hw)
{
	spin_lock(&hw->sess_lock);
	wait_for_other();
	spin_lock(&hw->hardware_lock);
	hw->freed++;
	spin_unlock(&hw->hardware_lock);
	spin_unlock(&hw->sess_lock);
}

static OWN_FRAME int qla2x00_do_dpc(void *data)
{
	qla2x00_abort_all_cmds(data);
	return 0;
}

static OWN_FRAME int qlt_sess_work_fn(void *data)
{
	qlt_free_session_done(data);
	return 0;
}

static int __init qla2x00_module_init(void)
{
	struct task_struct *dpc, *sess;

	spin_lock_init(&ha.hardware_lock);
	spin_lock_init(&ha.sess_lock);
	dpc = kthread_create(qla2x00_do_dpc, &ha, "qla2xxx_0_dpc");
	sess = kthread_create(qlt_sess_work_fn, &ha, "qla2xxx_0_sess");
	if (IS_ERR(dpc) || IS_ERR(sess))
		return -ENOMEM;
	kthread_bind(dpc, 0);
	kthread_bind(sess, 1);
	wake_up_process(sess);
	wake_up_process(dpc);
	return 0;
}
module_init(qla2x00_module_init);
MODULE_DESCRIPTION("QLogic Fibre Channel HBA Driver");
MODULE_LICENSE("GPL");
