"""The headings by which the kernel announces trouble: the one place where their patterns stand.

Each rule has a needle (a literal, found at memory speed), the pattern that the line must then match, and the words by
which the field titles the report: those of syzkaller's reporter where it has some, as terse ones where it has none.
Strings are those of Linux 3.10 to 6.x.
"""

# ruff: noqa: E501 - one rule a line keeps the table a table

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Rule:
    """How one heading is recognised and named."""

    name: str
    needle: str
    kind: str
    weight: int
    """3 kills, 2 reports, 1 remarks, 0 only tells more of the report that it stands in."""
    frames: str
    pattern: str
    """Searched in the line; empty: the needle alone will do."""
    title: str
    """``{frame}`` is the telling function, ``{0}`` … the pattern's groups."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile on first use: most logs need a handful of these."""
    return re.compile(pattern)


_UNABLE = r"(?:BUG: )?[Uu]nable to handle kernel "
_DEADLOCK = r"(?:WARNING|INFO): possible (?:circular locking|irq lock inversion|recursive locking|irq lock)"
_NP = "Kernel panic - not syncing"

_ROWS: tuple[tuple[str, str, str, int, str, str, str], ...] = (
    # name, needle, kind, weight, frames, pattern, title
    ("kasan-free", "BUG: KASAN:", "kasan", 3, "kasan", r"BUG: KASAN: (?:double-free or )?(?:invalid|double)-free\b",
     "KASAN: invalid-free in {frame}"),
    ("kasan", "BUG: KASAN:", "kasan", 3, "kasan", r"BUG: KASAN: ([a-z-]+)", "KASAN: {0} {rw} in {frame}"),
    ("kmsan-usb", "BUG: KMSAN:", "warning", 2, "trace", r"BUG: KMSAN: (kernel-usb-infoleak)", "KMSAN: {0} in {frame}"),
    ("kmsan", "BUG: KMSAN:", "warning", 2, "trace", r"BUG: KMSAN: ([a-z-]+)", "KMSAN: {0} in {frame}"),
    ("kcsan", "BUG: KCSAN:", "warning", 2, "none", r"BUG: KCSAN: (.+)", "KCSAN: {0}"),
    ("kfence", "BUG: KFENCE:", "use-after-free", 2, "kfence", r"BUG: KFENCE: ([a-z-]+(?: [a-z-]+)*?)(?: in (\S+))?$",
     "KFENCE: {0} in {frame}"),
    ("null-deref", "ernel NULL pointer dereference", "null-deref", 3, "rip",
     r"(?:BUG: |Unable to handle ).*[kK]ernel NULL pointer dereference",
     "BUG: unable to handle kernel NULL pointer dereference in {frame}"),
    ("page-fault", "BUG: unable to handle page fault for address", "page-fault", 3, "rip", "",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("paging", "kernel paging request", "page-fault", 3, "rip", _UNABLE + "paging request",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("data-access", "Unable to handle kernel data access", "page-fault", 3, "rip", "",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("unable", "nable to handle kernel", "page-fault", 3, "none", r"BUG: [Uu]nable to handle kernel *$",
     "BUG: unable to handle kernel"),
    ("user-access", "Unable to handle kernel access to user memory", "page-fault", 3, "rip", "",
     "BUG: unable to handle kernel access to user memory in {frame}"),
    ("unable-read", "Unable to handle kernel ", "page-fault", 3, "rip",
     r"Unable to handle kernel (?:access to user memory|write to read-only memory|read from unreadable|execute from)",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("s390-pointer", "Unable to handle kernel pointer dereference", "page-fault", 3, "rip", "",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("nx", "kernel tried to execute NX-protected page", "bad-ip", 0, "rip", "", ""),
    ("soft-lockup", "soft lockup", "soft-lockup", 2, "stall", r"BUG: soft lockup(?! detector)",
     "BUG: soft lockup in {frame}"),
    ("hard-lockup", "hard LOCKUP", "hard-lockup", 3, "lockup", r"(?:detected hard|: hard) LOCKUP",
     "hard LOCKUP in {frame}"),
    ("spinlock", "BUG: spinlock ", "lockdep", 2, "trace",
     r"BUG: spinlock (lockup suspected|already unlocked|recursion|bad magic|wrong owner|wrong CPU|trylock failure)",
     "BUG: spinlock {0} in {frame}"),
    ("rwlock", "BUG: rwlock", "lockdep", 2, "trace", r"BUG: rwlock (.+?) on", "BUG: rwlock {0} in {frame}"),
    ("locks-held", "still has locks held", "lockdep", 2, "held", r"(BUG|WARNING): .*still has locks held",
     "{0}: still has locks held in {frame}"),
    ("lock-returning", "lock held when returning to user space", "lockdep", 2, "held", r"(BUG|WARNING): lock held",
     "{0}: lock held when returning to user space in {frame}"),
    ("unlock-balance", "bad unlock balance detected", "lockdep", 2, "at", r"(BUG|WARNING|INFO): bad unlock",
     "{0}: bad unlock balance in {frame}"),
    ("lock-freed", "held lock freed!", "lockdep", 2, "held", r"(BUG|WARNING|INFO): held lock freed",
     "{0}: held lock freed in {frame}"),
    ("wait-context", "BUG: Invalid wait context", "lockdep", 2, "trace", "", "WARNING: locking bug in {frame}"),
    ("nested-lock", "Nested lock was not taken", "lockdep", 2, "trace", r"WARNING: Nested lock was not taken",
     "WARNING: nested lock was not taken in {frame}"),
    ("rss-counter", "BUG: Bad rss-counter state", "bad-page", 2, "none", "", "BUG: Bad rss-counter state"),
    ("nr-ptes", "BUG: non-zero nr_p", "bad-page", 2, "none", r"BUG: (non-zero (?:nr_p..s|pgtables_bytes) on freeing mm)",
     "BUG: {0}"),
    ("dentry", "BUG: Dentry ", "bug-on", 2, "dentry", r"BUG: Dentry .* still in use ?\(\d+\) ?\[unmount of ([^\]]+)\]",
     "BUG: Dentry still in use in unmount"),
    ("bad-page", "BUG: Bad page state", "bad-page", 2, "trace", "", "BUG: Bad page state in {frame}"),
    ("bad-page-map", "BUG: Bad page map", "bad-page", 2, "none", "", "BUG: Bad page map"),
    ("workqueue", "BUG: workqueue lockup", "workqueue-stall", 2, "none", "", "BUG: workqueue lockup"),
    ("workqueue-leak", "BUG: workqueue leaked", "atomic-sleep", 2, "work", r"BUG: workqueue leaked",
     "BUG: workqueue leaked lock or atomic in {frame}"),
    ("sleeping", "sleeping function called from invalid", "atomic-sleep", 2, "trace", "",
     "BUG: sleeping function called from invalid context in {frame}"),
    ("scheduling", "scheduling while atomic", "atomic-sleep", 2, "trace", r"BUG: scheduling while atomic",
     "BUG: scheduling while atomic in {frame}"),
    ("preemptible", "in preemptible", "lockdep", 2, "trace", r"BUG: using ([a-z_0-9]+)\(\) in preemptible",
     "BUG: using {0}() in preemptible code in {frame}"),
    ("leak", "BUG: memory leak", "warning", 2, "leak", "", "memory leak in {frame}"),
    ("guard-page", "stack guard page was hit", "stack-overflow", 3, "overflow", r"(?:BUG: \w* ?)stack guard page was hit",
     "BUG: stack guard page was hit in {frame}"),
    ("stack-overflow", "kernel stack overflow", "stack-overflow", 3, "overflow", r"kernel stack overflow|^Insufficient stack",
     "kernel stack overflow in {frame}"),
    ("irq-overflow", "do_IRQ: stack overflow", "stack-overflow", 3, "trace", "", "do_IRQ: stack overflow in {frame}"),
    ("refcount-sat", "refcount_t: ", "refcount", 0, "", r"refcount_t: (.+?)[.;]? *$", ""),
    ("refcount-old", "refcount_t ", "refcount", 2, "trace", r"refcount_t (?:overflow|underflow)", "WARNING: refcount bug in {frame}"),
    ("odebug", "ODEBUG: ", "warning", 0, "", r"ODEBUG: (.+)", ""),
    ("odebug-warn", "WARNING:", "use-after-free", 2, "warn", r"WARNING: .*lib/debugobjects\.c", "WARNING: ODEBUG bug in {frame}"),
    ("usercopy-warn", "WARNING:", "usercopy", 2, "warn", r"WARNING: .*usercopy_warn", "WARNING: bad usercopy in {frame}"),
    ("kobject-warn", "WARNING:", "warning", 2, "warn", r"WARNING: .*lib/kobject\.c.* kobject_", "WARNING: kobject bug in {frame}"),
    ("proc-warn", "WARNING:", "warning", 2, "warn", r"WARNING: .*fs/proc/generic\.c.* proc_register",
     "WARNING: proc registration bug in {frame}"),
    ("refcount-warn", "WARNING:", "refcount", 2, "warn", r"WARNING: .*lib/refcount\.c", "WARNING: refcount bug in {frame}"),
    ("locking-warn", "WARNING:", "lockdep", 2, "warn", r"WARNING: .*kernel/locking/lockdep\.c.*(?:lock_|check_)", "WARNING: locking bug in {frame}"),
    ("vmalloc-zero", "WARNING:", "warning", 2, "warn", r"WARNING: .*mm/vmalloc\.c.*vmalloc", "WARNING: zero-size vmalloc in {frame}"),
    ("kmalloc-warn", "WARNING:", "alloc-failure", 2, "warn", r"WARNING: .* at mm/\S+\.c:\d+ k?.?malloc", "WARNING: kmalloc bug in {frame}"),
    ("usb-warn", "WARNING:", "warning", 2, "warn", r"WARNING: .*usb_submit_urb", "WARNING in {frame}/usb_submit_urb"),
    ("netdev-watchdog", "NETDEV WATCHDOG", "driver-error", 1, "none", r"NETDEV WATCHDOG: (\S+)(?: \((\S+)\))?: transmit queue \d+ timed out",
     "NETDEV WATCHDOG: transmit queue timed out ({1})"),
    ("list-warn", "WARNING:", "list-corruption", 2, "warn", r"WARNING: .*lib/list_debug\.c", "WARNING: corrupted list in {frame}"),
    ("warn", "WARNING:", "warning", 2, "warn", r"WARNING: (?:CPU: .{1,80}? at )?(?:\[[^\]]*\] )?[\w./+-]+(?:\.[chS]|\.rs):\d+", "WARNING in {frame}"),
    ("warn-at", "WARNING:", "warning", 2, "warn", r"WARNING: (?:CPU: \d+ PID: \d+ )?at ", "WARNING in {frame}"),
    ("deadlock", "possible ", "lockdep", 2, "at", _DEADLOCK, "possible deadlock in {frame}"),
    ("hardirq-order", "lock order detecte", "lockdep", 2, "trace", r"(?:WARNING|INFO): HARDIRQ-safe",
     "possible deadlock in {frame}"),
    ("softirq-order", "lock order detecte", "lockdep", 2, "at-order", r"(?:WARNING|INFO): (?:SOFTIRQ|HARDIRQ|RECLAIM_FS)-safe",
     "possible deadlock in {frame}"),
    ("lock-state", "inconsistent lock state", "lockdep", 2, "at-takes", r"(?:WARNING|INFO): inconsistent lock state",
     "inconsistent lock state in {frame}"),
    ("rcu-usage", "suspicious RCU usage", "lockdep", 2, "rcu-usage", r"(WARNING|INFO): suspicious RCU usage",
     "{0}: suspicious RCU usage in {frame}"),
    ("regs-bad", "WARNING: kernel stack ", "warning", 2, "none", r"WARNING: kernel stack (?:regs|frame pointer) .*has bad",
     "WARNING: kernel stack regs has bad value"),
    ("rcu-stall", "stall", "rcu-stall", 2, "rcu", r"rcu[:_].*detected(?: expedited)? stalls?\b|INFO: rcu_\w+ (?:self-)?detected",
     "INFO: rcu detected stall in {frame}"),
    ("hung-task", " for more than ", "hung-task", 2, "hung", r"(?:INFO: task \S.{0,40}?|:\d{1,7}) (?:<\S+> )?blocked (?:in I/O wait )?for more than \d+ s",
     "INFO: task hung in {frame}"),
    ("cant-die", "can't die for more than", "hung-task", 2, "hung", r"INFO: task .* can't die for more than",
     "INFO: task can't die in {frame}"),
    ("nonstatic", "trying to register non-static key", "lockdep", 2, "trace", r"INFO: trying to register",
     "INFO: trying to register non-static key in {frame}"),
    ("slub-track", "INFO: ", "slab-corruption", 0, "none", r"INFO: (?:Freed|Allocated) in (\S+)", "INFO: {0}"),
    ("gpf", "general protection fault", "gpf", 3, "rip", r"general protection fault(?!\s+(?:ip|sp|error)\b|.* ip:)(?=.*:|, |$)(?!.*\bin \S+\[)",
     "general protection fault in {frame}"),
    ("stack-segment", "stack segment: ", "gpf", 3, "rip", "", "stack segment fault in {frame}"),
    ("double-fault", "double fault", "double-fault", 3, "rip-only", r"PANIC: double fault|^double fault:|traps: PANIC", "PANIC: double fault in {frame}"),
    ("list-corruption", "corruption", "list-corruption", 3, "bug", r"list_(?:add|del) (?:double add|corruption)|prev->next should be|slist corruption",
     "BUG: corrupted list in {frame}"),
    ("bug-list", "kernel BUG at lib/list_debug.c", "list-corruption", 3, "bug", "", "BUG: corrupted list in {frame}"),
    ("usercopy", "usercopy: Kernel memory", "usercopy", 3, "bug", "", "BUG: bad usercopy in {frame}"),
    ("usercopy-old", "Kernel memory ", "usercopy", 3, "bug", r"^(?:usercopy: )?Kernel memory (?:overwrite|exposure) attempt detected", "BUG: bad usercopy in {frame}"),
    ("usercopy-el7", "usercopy: kernel memory ", "usercopy", 3, "bug", "", "BUG: bad usercopy in {frame}"),
    ("bug-usercopy", "kernel BUG at mm/usercopy.c", "usercopy", 3, "bug", "", "BUG: bad usercopy in {frame}"),
    ("fortify", "detected buffer overflow in", "usercopy", 3, "bug", r"detected buffer overflow in (\S+)", "kernel BUG in {frame}"),
    ("bug-slub", "kernel BUG at mm/sl", "slab-corruption", 3, "bug", r"kernel BUG at mm/sl[aou]b\.[ch]", "kernel BUG in {frame}"),
    ("bug", "ernel BUG at", "bug-on", 3, "bug", r"[Kk]ernel BUG at", "kernel BUG in {frame}"),
    ("slub-remaining", "Objects remaining in", "slab-corruption", 2, "slub", r"BUG (\S+?)(?: \(.*\))?: Objects remaining", "SLUB: objects remaining in {0} in {frame}"),
    ("slub-free", "Object already free", "slab-corruption", 2, "none", r"BUG \S+ .*: Object already free", "BUG: Object already free"),
    ("slub", "BUG ", "slab-corruption", 2, "slub", r"^(?:=+ *)?BUG ([\w:.()#-]+) +\((?:Tainted|Not tainted).{0,60}\): (?!kasan:)(.+?)\.? *$", "SLUB: {1} in {0} in {frame}"),
    ("divide", "divide", "divide-error", 3, "rip-only", r"\bdivide[ _]error(?::|, |$)", "divide error in {frame}"),
    ("invalid-opcode", "invalid opcode:", "invalid-opcode", 3, "rip-only", "", "invalid opcode in {frame}"),
    ("s390-program", " ilc:", "invalid-opcode", 3, "rip-only",
     r"^((?:illegal|privileged) operation|(?:specification|addressing|data|operand|execute) exception): [0-9a-f]{4} ilc:",
     "{0} in {frame}"),
    ("int3", "int3: ", "invalid-opcode", 3, "rip", r"\bint3: \d", "int3 in {frame}"),
    ("segment-trap", "segment not present: ", "gpf", 3, "rip", r"segment not present: [0-9a-f]{4} \[#", "segment not present in {frame}"),
    ("tss-trap", "invalid TSS: ", "gpf", 3, "rip", r"invalid TSS: [0-9a-f]{4} \[#", "invalid TSS in {frame}"),
    ("iret-trap", "iret exception: ", "gpf", 3, "rip", r"iret exception: [0-9a-f]{4} \[#", "iret exception in {frame}"),
    ("bounds-trap", "bounds: ", "invalid-opcode", 3, "rip", r"\bbounds: [0-9a-f]{4} \[#", "bounds exception in {frame}"),
    ("fpu-trap", "fpu exception: ", "invalid-opcode", 3, "rip", r"fpu exception: [0-9a-f]{4} \[#", "fpu exception in {frame}"),
    ("simd-trap", "simd exception: ", "invalid-opcode", 3, "rip", r"simd exception: [0-9a-f]{4} \[#", "simd exception in {frame}"),
    ("endbr", "Missing ENDBR: ", "bad-ip", 3, "bug", r"traps: Missing ENDBR: (\S+?)\+", "Missing ENDBR in {0}"),
    ("alignment", "alignment check: ", "invalid-opcode", 3, "rip", r"\balignment check: \d", "alignment check in {frame}"),
    ("ubsan-new", "UBSAN:", "warning", 2, "trace", r"UBSAN: ([a-z]+(?:-[a-z]+)+) in", "UBSAN: {0} in {frame}"),
    ("ubsan", "UBSAN:", "warning", 2, "trace", r"UBSAN:", "UBSAN: undefined-behaviour in {frame}"),
    ("oops", "Oops: ", "page-fault", 3, "rip", r"(?<!error: )Oops: (?:[0-9a-f]{4,8}\b|Kernel access)",
     "BUG: unable to handle kernel paging request in {frame}"),
    ("oops-arm", "Internal error: ", "bug-on", 3, "rip", r"Internal error: (.+?)(?:: [0-9a-f]+|$)", "Internal error in {frame}"),
    ("arm-fault", "Unhandled fault: ", "page-fault", 3, "rip", r"Unhandled fault: (.+?) \(", "Unhandled fault in {frame}"),
    ("bad-mode", "Bad mode in ", "bug-on", 3, "rip", "", "Bad mode in {frame}"),
    ("busy-inodes", "VFS: Busy inodes after unmount", "use-after-free", 2, "none", "", "VFS: Busy inodes after unmount (use-after-free)"),
    ("file-count", "VFS: Close: file count is ", "use-after-free", 2, "none", "", "VFS: Close: file count is zero (use-after-free)"),
    ("netdev-wait", "unregister_netdevice: waiting for", "driver-error", 2, "none", "", "unregister_netdevice: waiting for DEV to become free"),
    ("trusty-assert", "trusty: panic", "panic", 3, "none", r"trusty: panic.*ASSERT FAILED(?: at \(.*?\))?: *(.*)", "trusty: ASSERT FAILED: {0}"),
    ("trusty", "trusty: panic", "panic", 3, "none", r"trusty: panic \(.*?\): (.+)", "trusty: panic: {0}"),
    ("overflow-rust", "attempt to ", "bug-on", 3, "panicked", r"attempt to (\w+ with overflow|divide by zero)", "attempt to {0} in {frame}"),
    ("sysrq", "Trigger a crash", "sysrq", 2, "none", r"(?i)sysrq ?:.*Trigger a crash", "kernel panic: sysrq triggered crash"),
    ("other-stack", "FAULT_INJECTION: forcing a failure", "warning", 0, "none", "", ""),
    ("other-stack", "vmalloc: allocation failure", "warning", 0, "none", "", ""),
    ("other-stack", "FAULT_FLAG_ALLOW_RETRY missing", "warning", 0, "none", "", ""),
    ("oom-invoked", "invoked oom-killer", "oom", 1, "trace", r"(\S.{0,24}?) invoked oom-killer: gfp_mask=0x\w+", "Out of memory: {0} invoked oom-killer"),
    ("oom-kill", "Out of memory: Kill", "oom", 1, "none", r"Out of memory: Kill(?:ed)? process \d+ \((.*?)\)", "Out of memory: killed {0}"),
    ("alloc-failure", "page allocation failure", "alloc-failure", 1, "trace", r"page allocation failure[:.] order:(\d+)", "page allocation failure in {frame}"),
    ("mce", "Machine Check Exception:", "mce", 2, "none", r"\[Hardware Error\].*Machine Check Exception: +[0-9a-f]+ Bank (\d+)", "Fatal machine check: bank {0}"),
    ("mce-why", "Machine check: ", "mce", 0, "none", r"Machine check: (.+)", ""),
    ("mce-power", "Machine check interrupt", "mce", 2, "none", r"Severe Machine check interrupt \[Not recovered", "Fatal machine check"),
    ("serror", "SError Interrupt on CPU", "hardware-error", 1, "none", "", "hardware error reported by the CPU (SError)"),
    ("memory-failure", "Memory failure: 0x", "hardware-error", 1, "none", r"Memory failure: 0x[0-9a-f]+: ", "memory failure (poisoned page)"),
    ("mce-memory", "Uncorrected hardware memory error", "hardware-error", 1, "none", "", "uncorrected memory error"),
    ("ghes", "Hardware error from APEI", "hardware-error", 1, "none", r"Hardware error from APEI", "hardware error reported by firmware (APEI)"),
    ("hw-error", "[Hardware Error]: ", "hardware-error", 1, "none", r"\[Hardware Error\]: (?:event severity: (?:fatal|recoverable)|Machine check events logged)", "hardware error reported by firmware"),
    ("edac-ue", "EDAC ", "hardware-error", 1, "none", r"EDAC \S+: \d+ UE ", "EDAC: uncorrectable memory error"),
    ("edac-ce", "EDAC ", "hardware-error", 1, "none", r"EDAC \S+: \d+ CE ", "EDAC: corrected memory error"),
    ("aer", "AER: ", "hardware-error", 1, "none", r"AER: .*Uncorrect(?:ed|able) \((?:Fatal|Non-Fatal)\)", "AER: uncorrected PCIe error"),
    ("nmi-serr", "NMI: PCI system error", "nmi", 1, "none", "", "NMI: PCI system error (SERR)"),
    ("nmi-iock", "NMI: IOCK error", "nmi", 1, "none", "", "NMI: IOCK error"),
    ("nmi-unknown", "NMI received for unknown reason", "nmi", 1, "none", "", "NMI received for unknown reason"),
    ("nmi-hpwdt", "An NMI occurred", "nmi", 1, "none", r"An NMI occurred\. ", "NMI: reported to the management controller"),
    ("xfs-corrupt", "XFS", "fs-corruption", 2, "xfs", r"XFS ?\(\S+\): .*(?:[Cc]orruption (?:detected|of in-memory|warning)|Internal error)", "XFS: metadata corruption in {frame}"),
    ("xfs-down", "XFS", "fs-corruption", 2, "xfs", r"XFS ?\(\S+\): .*(?:Shutting down filesystem|[Ff]ilesystem has been shut down)", "XFS: filesystem shutdown in {frame}"),
    ("ext4-error", "EXT4-fs error", "fs-corruption", 2, "ext4", r"EXT4-fs error \(device \S+?\): (\w+)", "EXT4-fs error in {frame}"),
    ("jbd2-abort", "Aborting journal on device", "fs-corruption", 2, "none", "", "JBD2: journal aborted"),
    ("gfs2", "GFS2: fsid=", "fs-corruption", 2, "none", r"GFS2: fsid=\S+: (?:fatal: |about to withdraw|withdrawn)", "GFS2: filesystem withdrawn"),
    ("btrfs", "BTRFS", "fs-corruption", 2, "none", r"BTRFS.*(?:forced readonly|Transaction aborted)", "BTRFS: transaction aborted"),
    ("dmar", "DMAR: ", "driver-error", 1, "none", r"DMAR: \[(?:DMA|INTR)", "DMAR: DMA fault"),
    ("nvme", "nvme", "driver-error", 1, "none", r"nvme nvme\d+: (?:I/O \d+.*timeout|controller is down|Removing after probe failure)", "nvme: controller timeout"),
    ("mlx5-health", "mlx5_core ", "driver-error", 1, "none", r"mlx5_core \S+: .*(?:health compromised|Fatal error \d+ detected|assert_var\[0\])", "mlx5_core: device health compromised"),
    ("nobody-cared", ": nobody cared", "driver-error", 1, "none", r"irq \d+: nobody cared", "irq: nobody cared"),
    ("buffer-error", "Buffer I/O error on dev", "hardware-error", 1, "none", r"Buffer I/O error on dev(?:ice)? ([\w-]+),", "buffer I/O error on {0}"),
    ("blk-error", "I/O error, dev ", "hardware-error", 1, "none", r"(?:critical (?:medium|target) error|I/O error), dev (\w+), sector", "I/O error on {0}"),
    ("boot", "Booting the kernel.", "panic", 1, "none", r"^(?:Decompressing Linux.*)?Booting the kernel\.", "unexpected kernel reboot"),
    ("dblfault-dump", "Machine halted.", "double-fault", 0, "none", "", ""),
    ("go-runtime", "out of memory", "panic", 1, "none", r"^(?:fatal error|runtime): out of memory", "go runtime error"),
    ("syzfail", "SYZFA", "panic", 1, "none", r"(SYZFAIL|SYZFATAL): (.*)", "{0}: {1}"),
    ("irq-mismatch", "IRQ handler type mismatch", "warning", 2, "trace", "", "genirq: flags mismatch in {frame}"),
    ("stack-dump", "genirq: Flags mismatch irq", "warning", 2, "trace", "", "genirq: flags mismatch in {frame}"),
    ("panic-on-warn", _NP, "warning", 3, "none", _NP + ": .*(panic_on_warn set)", "kernel panic: panic_on_warn set"),
    ("panic-taint", _NP, "warning", 3, "none", _NP + r": .*(panic_on_taint set)", "kernel panic: panic_on_taint set"),
    ("panic-fatal", _NP, "panic", 3, "none", _NP + r": (Fatal exception|grsec|panic_on_oops|Fatal trap)", "kernel panic: Fatal exception"),
    ("panic-hung", _NP, "hung-task", 3, "none", _NP + ": (hung_task: blocked tasks)", "kernel panic: hung_task: blocked tasks"),
    ("panic-soft", _NP, "soft-lockup", 3, "none", _NP + ": (softlockup: hung tasks)", "kernel panic: softlockup: hung tasks"),
    ("panic-hard", _NP, "hard-lockup", 3, "lockup", _NP + "(?:: | )(Hard LOCKUP|Watchdog detected hard LOCKUP)", "hard LOCKUP in {frame}"),
    ("panic-rcu", _NP, "rcu-stall", 3, "none", _NP + ": (RCU Stall)", "kernel panic: RCU Stall"),
    ("panic-mce", _NP, "mce", 3, "none", _NP + r": (.*[Mm]achine check.*|Timeout: Not all CPUs entered broadcast.*)", "Fatal machine check"),
    ("panic-hw", _NP, "hardware-error", 3, "none", _NP + r": (Fatal hardware error!?|.*SError.*|.*EDAC.*|UE .*|Uncorrected error.*)", "kernel panic: {0}"),
    ("panic-nmi", _NP, "nmi", 3, "none", _NP + r": (NMI.*|An NMI occurred.*|nmi watchdog.*|Unrecovered NMI.*|Hardware detected.*)", "kernel panic: {0}"),
    ("panic-sysrq", _NP, "sysrq", 3, "none", _NP + ": (sysrq triggered crash)", "kernel panic: sysrq triggered crash"),
    ("panic-init", _NP, "init-killed", 3, "none", _NP + r": (Attempted to kill (?:init|the idle task)!)", "kernel panic: {0}"),
    ("panic-root", _NP, "root-fs", 3, "none", _NP + r": (VFS: Unable to mount root fs.*|No (?:working )?init found|Requested init \S+ failed)", "kernel panic: {0}"),
    ("panic-oom", _NP, "oom", 3, "none", _NP + r": (Out of memory.*|System is deadlocked on memory|.*out of memory.*)", "kernel panic: {0}"),
    ("panic-stack", _NP, "stack-corruption", 3, "stack-protector", _NP + r": stack-protector: Kernel stack is corrupted in: *(\S*)", "kernel panic: stack is corrupted in {frame}"),
    ("panic-stack-end", _NP, "stack-overflow", 3, "stack-end", _NP + r": corrupted stack end detected", "kernel panic: corrupted stack end in {frame}"),
    ("panic-ext4", _NP, "fs-corruption", 3, "none", _NP + r": (EXT4-fs .*: panic forced after error|(?:XFS|BTRFS).*)", "kernel panic: {0}"),
    ("panic-tty", _NP, "panic", 3, "none", _NP + r": (Couldn't open N_TTY ldisc)", "kernel panic: {0}"),
    ("panic-atomic", _NP, "atomic-sleep", 3, "none", _NP + r": (scheduling while atomic)", "kernel panic: {0}"),
    ("panic-alloc", _NP, "slab-corruption", 3, "none", _NP + r": (.*slab.*corrupt.*)", "kernel panic: {0}"),
    ("panic", _NP, "panic", 3, "none", _NP + r": (.*)", "kernel panic: {0}"),
    ("panic-cut", "Kernel panic", "panic", 3, "none", r"Kernel panic - not syncing(?::? *)$", "kernel panic"),
    ("bug-other", "BUG:", "bug-on", 2, "none", r"(?<![A-Za-z_])BUG: (.+)", "BUG: {0}"),
)  # fmt: skip

RULES = tuple(Rule(*row) for row in _ROWS)

HEADLESS = Rule("headless", "", "unknown", 2, "rip", "", "report without its heading in {frame}")
"""For a report of which only the end is there: `tail` and full buffers cut headings off."""

SUPPRESSED = (
    r"_?DEBUG:|Boot_DEBUG|no syscalls can create|/etc/ssh/moduli|workqueue cpumask|lockdep is turned off"
    r"|Stall ended before|NMI handler|recovery required on readonly|took too long|_INFO::|not present in /proc/kallsyms"
    r"|NMI watchdog: enabled|hard LOCKUP detector|soft lockup detector|rcu_\w+ kthread starved"
)
"""Lines that hold a needle and announce nothing."""
