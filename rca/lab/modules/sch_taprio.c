// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A division by a link speed of zero, in an hrtimer: hard interrupt context. */
#include <linux/hrtimer.h>
#include <linux/math64.h>
#include "field.h"
IN_TREE;

struct taprio_sched {
	u64 interval, picos_per_byte, budget;
	struct hrtimer advance_timer;
};

static struct taprio_sched sched = { .interval = 1000000 };

static OWN_FRAME void taprio_set_budget(struct taprio_sched *q)
{
	q->budget = div64_u64(q->interval * 1000, READ_ONCE(q->picos_per_byte));
}

static OWN_FRAME enum hrtimer_restart advance_sched(struct hrtimer *timer)
{
	struct taprio_sched *q = container_of(timer, struct taprio_sched, advance_timer);

	taprio_set_budget(q);
	hrtimer_forward_now(timer, ms_to_ktime(100));
	return HRTIMER_RESTART;
}

static int __init taprio_module_init(void)
{
	hrtimer_init(&sched.advance_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	sched.advance_timer.function = advance_sched;
	hrtimer_start(&sched.advance_timer, ms_to_ktime(500), HRTIMER_MODE_REL);
	return 0;
}
module_init(taprio_module_init);
MODULE_DESCRIPTION("Time aware priority scheduler");
MODULE_LICENSE("GPL");
