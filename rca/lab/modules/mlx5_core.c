// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A NULL member read in NAPI poll: softirq context, over whatever task the CPU was running (mostly idle). */
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include "field.h"

struct mlx5e_rq {
	u64 stats[6];
	u32 wqe_head; /* at 0x30: the address that the page fault reports */
};

struct mlx5e_cq {
	struct mlx5e_rq *rq;
	u16 event_ctr;
};

struct mlx5e_channel {
	struct mlx5e_cq rx_cq;
	struct napi_struct napi;
	struct hrtimer completion;
};

static struct net_device netdev;
static struct mlx5e_channel channel;

OWN_FRAME int mlx5e_poll_rx_cq(struct mlx5e_cq *cq, int budget);
OWN_FRAME int mlx5e_poll_rx_cq(struct mlx5e_cq *cq, int budget)
{
	struct mlx5e_rq *rq = READ_ONCE(cq->rq); /* the queue was torn down; nobody disabled NAPI */

	return min_t(int, READ_ONCE(rq->wqe_head), budget);
}

static OWN_FRAME int mlx5e_napi_poll(struct napi_struct *napi, int budget)
{
	struct mlx5e_channel *c = container_of(napi, struct mlx5e_channel, napi);
	int work_done = mlx5e_poll_rx_cq(&c->rx_cq, budget);

	c->rx_cq.event_ctr++;
	napi_complete_done(napi, work_done);
	return work_done;
}

static OWN_FRAME enum hrtimer_restart mlx5_eq_comp_int(struct hrtimer *timer)
{
	struct mlx5e_channel *c = container_of(timer, struct mlx5e_channel, completion);

	napi_schedule(&c->napi);
	return HRTIMER_NORESTART;
}

static int __init mlx5_init(void)
{
	init_dummy_netdev(&netdev);
	netif_napi_add(&netdev, &channel.napi, mlx5e_napi_poll);
	napi_enable(&channel.napi);
	hrtimer_init(&channel.completion, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	channel.completion.function = mlx5_eq_comp_int;
	hrtimer_start(&channel.completion, ms_to_ktime(700), HRTIMER_MODE_REL);
	return 0;
}
module_init(mlx5_init);
MODULE_DESCRIPTION("Mellanox 5th generation network adapters (ConnectX series) core driver");
MODULE_LICENSE("GPL");
