// Exceptions: which one comes next, how it is entered, how it returns.
#include "memory.h"

#define NO_PRIORITY 4
#define THUMB_STATE (1u << 24)
#define WAS_UNALIGNED (1u << 9)
#define ENTRY_CYCLES 15
#define RETURN_CYCLES 13

INLINE uint32_t flags(core_t *core) {
    return (core->negative & 0x80000000u) | (uint32_t)!core->not_zero << 30 | core->carry << 29 |
           (core->overflow >> 31) << 28;
}

INLINE void set_flags(core_t *core, uint32_t status) {
    core->negative = status;
    core->not_zero = !(status >> 30 & 1);
    core->carry = status >> 29 & 1;
    core->overflow = status << 3;
}

INLINE void use_stack(core_t *core, uint32_t process) {
    if (core->process_stack != process) {
        uint32_t sp = core->r[SP];
        core->r[SP] = core->other_sp;
        core->other_sp = sp;
        core->process_stack = process;
    }
}

static uint32_t priority_of(core_t *core, uint32_t exception) {
    if (!exception) return NO_PRIORITY;
    return exception < EXCEPTIONS ? core->system_priorities[exception] : core->priorities[exception - EXCEPTIONS];
}

// The one that waits with the best priority below `limit`; 0 when there is none.
static uint32_t next_exception(core_t *core, uint32_t limit) {
    uint32_t found = 0;
    for (uint32_t exception = SVCALL; exception < EXCEPTIONS + INTERRUPTS; exception++) {
        uint32_t waits = exception < EXCEPTIONS
                             ? core->system_pending >> exception & 1
                             : ((core->pending | core->latched) & core->enabled) >> (exception - EXCEPTIONS) & 1;
        if (waits && priority_of(core, exception) < limit) {
            limit = priority_of(core, exception);
            found = exception;
        }
    }
    return found;
}

static void enter(core_t *core, uint32_t exception) {
    uint32_t unaligned = core->r[SP] >> 2 & 1;
    uint32_t frame = (core->r[SP] - 32) & ~4u;
    uint32_t status = flags(core) | core->exception | THUMB_STATE | (unaligned ? WAS_UNALIGNED : 0);
    uint32_t saved[] = {core->r[0], core->r[1], core->r[2], core->r[3], core->r[12], core->r[LR], core->r[PC], status};
    memcpy(core->ram + (frame - RAM_START) % RAM_BYTES, saved, sizeof saved);
    core->r[SP] = frame;
    core->r[LR] = core->exception ? 0xfffffff1u : core->process_stack ? 0xfffffffdu : 0xfffffff9u;
    use_stack(core, 0);
    core->exception = exception;
    core->event = 1;
    core->waiting = 0;
    if (exception < EXCEPTIONS)
        core->system_pending &= ~(1u << exception);
    else
        core->latched &= ~(1u << (exception - EXCEPTIONS));
    uint8_t *vector = place(core, core->vectors + 4 * exception);
    if (vector) memcpy(&core->r[PC], vector, 4);
    core->r[PC] &= ~1u;
    core->now += ENTRY_CYCLES * core->cycle;
}

static void leave(core_t *core, uint32_t how) {
    uint32_t saved[8];
    core->exception = 0;
    use_stack(core, (how & 15) == 13);
    memcpy(saved, core->ram + (core->r[SP] - RAM_START) % RAM_BYTES, sizeof saved);
    memcpy(core->r, saved, 4 * sizeof *saved);
    core->r[12] = saved[4];
    core->r[LR] = saved[5];
    core->r[PC] = saved[6];
    core->r[SP] = (core->r[SP] + 32) | (saved[7] & WAS_UNALIGNED ? 4 : 0);
    core->exception = saved[7] & 63;
    set_flags(core, saved[7]);
    core->event = 1;
    core->attention = 1;
}

// Enters what waits, or wakes the processor from WFI although exceptions are masked.
static void attend(core_t *core) {
    core->attention = 0;
    uint32_t running = priority_of(core, core->exception);
    uint32_t exception = next_exception(core, running);
    if (!exception) return;
    if (core->masked) {
        if (core->waiting == FOR_INTERRUPT) core->waiting = 0;
    } else {
        enter(core, exception);
    }
}
