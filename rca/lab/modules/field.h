// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* What all modules of the lab share. */
#ifndef FIELD_H
#define FIELD_H

#include <linux/kernel.h>
#include <linux/module.h>

/* A function that the compiler neither inlines, clones nor renames: the trace shows it by its own name. */
#define OWN_FRAME noinline __attribute__((noipa))

/* A module that bears an in-tree driver's name says so, and is then tainted E only, not OE. */
#define IN_TREE MODULE_INFO(intree, "Y")

#endif
