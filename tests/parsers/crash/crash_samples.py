"""Output of crash, written here in its formats."""

from __future__ import annotations

BT = """\
PID: 0        TASK: ff281ea44125a0c0  CPU: 1    COMMAND: "swapper/1"
 #0 [ff7050e0400d0c18] machine_kexec at ffffffffa2c6c62f
 #1 [ff7050e0400d0e00] asm_exc_page_fault at ffffffffa3800c02
    [exception RIP: poll_rx+8]
    RIP: ffffffffc046d048  RSP: ff7050e0400d0eb8  RFLAGS: 00000202
    RAX: 0000000000000000  RBX: ffffffffc046f390  RCX: ff7050e0400d0f28
    ORIG_RAX: ffffffffffffffff  CS: 0010  SS: 0018
 #2 [ff7050e0400d0eb8] napi_poll at ffffffffc046d06c [mlx5_core]
--- <IRQ stack> ---
 #3 [ff7050e0400d0f00] do_softirq at ffffffffa2c00000
    RIP: 00007f0000000001  RSP: 00007ffd00000000  RFLAGS: 00000246
    ORIG_RAX: 0000000000000001  CS: 0033  SS: 002b

PID: 103      TASK: ff193c612ff18000  CPU: 0    COMMAND: "a \\"b\\" c"
 #0 [fffffe0000048ea8] crash_nmi_callback at ffffffff9b26058c
    [exception RIP: unknown or invalid address]
    RIP: 0000000000000000  RSP: 0000000000000002  RFLAGS: 00000001
WARNING: possibly bogus exception frame
 #1 [ff5ed5d040383ed0] __key.7 at c00800001ce82040 [overlay]  (unreliable)
"""
