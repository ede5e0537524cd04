// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* The receiver takes a mutex and waits, interruptibly, for a peer that never answers; the worker hangs in D state. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include "field.h"

struct drbd_resource {
	struct mutex adm_mutex;
	wait_queue_head_t state_wait;
	bool peer_acked;
	int conf_update;
};

static struct drbd_resource resource;

static OWN_FRAME int drbd_recv_header(struct drbd_resource *r)
{
	return wait_event_interruptible(r->state_wait, READ_ONCE(r->peer_acked));
}

static OWN_FRAME int drbd_receiver(void *data)
{
	struct drbd_resource *r = data;

	mutex_lock(&r->adm_mutex);
	drbd_recv_header(r);
	mutex_unlock(&r->adm_mutex);
	return 0;
}

static OWN_FRAME void drbd_adm_reconfigure(struct drbd_resource *r)
{
	mutex_lock(&r->adm_mutex);
	r->conf_update++;
	mutex_unlock(&r->adm_mutex);
}

static OWN_FRAME int drbd_worker(void *data)
{
	msleep(300); /* the receiver comes first */
	drbd_adm_reconfigure(data);
	return 0;
}

static int __init drbd_init(void)
{
	mutex_init(&resource.adm_mutex);
	init_waitqueue_head(&resource.state_wait);
	if (IS_ERR(kthread_run(drbd_receiver, &resource, "drbd_r_r0")))
		return -ENOMEM;
	return PTR_ERR_OR_ZERO(kthread_run(drbd_worker, &resource, "drbd_w_r0"));
}
module_init(drbd_init);
MODULE_DESCRIPTION("drbd - Distributed Replicated Block Device");
MODULE_LICENSE("GPL");
