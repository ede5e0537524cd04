// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* One byte written past the end of a slab object; SLUB's red zone tells of it when the object is freed. */
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "field.h"
IN_TREE;

#define ENA_TX_BUFFER 192

static struct kmem_cache *buffers;
static struct delayed_work service;

/* The writer: its name is in no trace, only the object's owner is. */
static OWN_FRAME void ena_tx_map_frags(u8 *info, int len)
{
	memset(info, 0x41, len);
}

static OWN_FRAME void ena_free_tx_bufs(u8 *info)
{
	kmem_cache_free(buffers, info);
}

static OWN_FRAME void ena_fw_reset_device(struct work_struct *work)
{
	u8 *info = kmem_cache_alloc(buffers, GFP_KERNEL);

	if (!info)
		return;
	ena_tx_map_frags(info, ENA_TX_BUFFER + 1);
	ena_free_tx_bufs(info);
}

static int __init ena_init(void)
{
	buffers = kmem_cache_create("ena_tx_buffer", ENA_TX_BUFFER, 0, 0, NULL);
	if (!buffers)
		return -ENOMEM;
	INIT_DELAYED_WORK(&service, ena_fw_reset_device);
	schedule_delayed_work(&service, HZ / 2);
	return 0;
}
module_init(ena_init);
MODULE_DESCRIPTION("Elastic Network Adapter (ENA)");
MODULE_LICENSE("GPL");
