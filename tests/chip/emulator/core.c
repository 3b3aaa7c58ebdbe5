// The processor of an RP2040, one Cortex-M0+ core, with the cycles its manual tells and no cache in front of the flash.
//
// The processor of rp2040py does the same in a tenth of real time at best; a campaign of thousands of trials needs more.
#include "exceptions.h"

#define SIGN 0x80000000u

INLINE uint32_t set_nz(core_t *core, uint32_t result) {
    core->negative = core->not_zero = result;
    return result;
}

INLINE uint32_t add(core_t *core, uint32_t a, uint32_t b, uint32_t carry) {
    uint64_t wide = (uint64_t)a + b + carry;
    uint32_t sum = (uint32_t)wide;
    core->carry = (uint32_t)(wide >> 32);
    core->overflow = (a ^ sum) & (b ^ sum);
    return set_nz(core, sum);
}

INLINE uint32_t subtract(core_t *core, uint32_t a, uint32_t b) { return add(core, a, ~b, 1); }

INLINE uint32_t shift_left(core_t *core, uint32_t value, uint32_t by) {
    if (by) {
        core->carry = by > 32 ? 0 : value >> (32 - by) & 1;
        value = by > 31 ? 0 : value << by;
    }
    return set_nz(core, value);
}

INLINE uint32_t shift_right(core_t *core, uint32_t value, uint32_t by) {
    if (by) {
        core->carry = by > 32 ? 0 : value >> (by - 1) & 1;
        value = by > 31 ? 0 : value >> by;
    }
    return set_nz(core, value);
}

INLINE uint32_t shift_right_signed(core_t *core, uint32_t value, uint32_t by) {
    if (by > 31) by = 32;
    if (by) {
        core->carry = (uint32_t)((int32_t)value >> (by - 1)) & 1;
        value = (uint32_t)((int32_t)value >> (by > 31 ? 31 : by));
    }
    return set_nz(core, value);
}

INLINE uint32_t rotate_right(core_t *core, uint32_t value, uint32_t by) {
    if (by) {
        by &= 31;
        if (by) value = value >> by | value << (32 - by);
        core->carry = value >> 31;
    }
    return set_nz(core, value);
}

INLINE int holds(core_t *core, uint32_t condition) {
    uint32_t n = core->negative >> 31, v = core->overflow >> 31, z = !core->not_zero, c = core->carry;
    uint32_t yes;
    switch (condition >> 1) {
        case 0: yes = z; break;
        case 1: yes = c; break;
        case 2: yes = n; break;
        case 3: yes = v; break;
        case 4: yes = c && !z; break;
        case 5: yes = n == v; break;
        default: yes = n == v && !z; break;
    }
    return (int)(yes ^ (condition & 1));
}

// Calls and returns end here; a return from an exception is one to an address that cannot be.
INLINE void go(core_t *core, progress_t *at, uint32_t address) {
    if (address >> 28 == 15 && core->exception) {
        leave(core, address);
        at->pc = core->r[PC];
        at->spent += RETURN_CYCLES;
        at->left = 0;
        return;
    }
    at->pc = address & ~1u;
    if (core->hook_filter >> (address >> 1 & 31) & 1) {
        for (int i = 0; i < HOOKS; i++) {
            if (core->hooks[i] == at->pc) {
                core->reason = HOOKED;
                at->left = 0;
            }
        }
    }
}

INLINE void stop(core_t *core, progress_t *at) {
    core->reason = STRANGE;
    at->pc -= 2;
    at->left = 0;
}

INLINE void hint(core_t *core, progress_t *at, uint32_t opcode) {
    switch (opcode >> 4 & 15) {
        case 2:
            at->spent++;
            if (core->event)
                core->event = 0;
            else
                core->waiting = FOR_EVENT;
            at->left = 0;
            break;
        case 3:
            at->spent++;
            core->waiting = FOR_INTERRUPT;
            core->attention = 1;
            at->left = 0;
            break;
        case 4: core->event = 1; break;
    }
}

INLINE void move_special(core_t *core, progress_t *at, uint32_t opcode, uint32_t second) {
    uint32_t reads = opcode == 0xf3ef, which = second & 255;
    uint32_t *r = &core->r[reads ? second >> 8 & 15 : opcode & 15];
    if (which < 8) {
        if (reads)
            *r = (which < 4 ? flags(core) : 0) | (which & 1 ? core->exception : 0);
        else
            set_flags(core, *r);
    } else if (which == 8 || which == 9) {
        uint32_t *sp = core->process_stack == (which & 1) ? &core->r[SP] : &core->other_sp;
        *(reads ? r : sp) = reads ? *sp : *r & ~3u;
    } else if (which == 16) {
        *(reads ? r : &core->masked) = reads ? core->masked : *r & 1;
        core->attention = 1;
        at->left = 0;
    } else if (which == 20) {
        if (reads)
            *r = core->process_stack << 1;
        else if (!core->exception)
            use_stack(core, *r >> 1 & 1);
    }
}

// The instructions of 32 bits: a call, the barriers, and access to special registers.
INLINE void wide(core_t *core, progress_t *at, uint32_t opcode) {
    uint8_t *from = place(core, at->pc);
    uint16_t second = 0;
    if (from) memcpy(&second, from, 2);
    at->pc += 2;
    at->spent += 2;
    if (opcode >> 11 == 0x1e && (second & 0xd000) == 0xd000) {
        uint32_t s = opcode >> 10 & 1, i1 = !((second >> 13 & 1) ^ s), i2 = !((second >> 11 & 1) ^ s);
        uint32_t offset = (0u - s) << 24 | i1 << 23 | i2 << 22 | (opcode & 0x3ff) << 12 | (uint32_t)(second & 0x7ff) << 1;
        core->r[LR] = at->pc | 1;
        go(core, at, at->pc + offset);
    } else if (opcode == 0xf3ef || (opcode & 0xfff0) == 0xf380) {
        move_special(core, at, opcode, second);
    } else if (opcode != 0xf3bf) {
        at->pc -= 2;
        stop(core, at);
    }
}

INLINE void miscellaneous(core_t *core, progress_t *at, uint32_t opcode) {
    uint32_t *d = &core->r[opcode & 7], m = core->r[opcode >> 3 & 7];
    switch (opcode >> 6 & 63) {
        case 0: case 1: core->r[SP] += (opcode & 127) << 2; return;
        case 2: case 3: core->r[SP] -= (opcode & 127) << 2; return;
        case 8: *d = (uint32_t)(int16_t)m; return;
        case 9: *d = (uint32_t)(int8_t)m; return;
        case 10: *d = (uint16_t)m; return;
        case 11: *d = (uint8_t)m; return;
        case 25:
            core->masked = opcode >> 4 & 1;
            core->attention = 1;
            at->left = 0;
            return;
        case 40: *d = __builtin_bswap32(m); return;
        case 41: *d = (m >> 8 & 0x00ff00ffu) | (m << 8 & 0xff00ff00u); return;
        case 43: *d = (uint32_t)(int16_t)__builtin_bswap16((uint16_t)m); return;
        case 60: case 61: hint(core, at, opcode); return;
        default: stop(core, at);
    }
}

INLINE void push(core_t *core, progress_t *at, uint32_t list) {
    uint32_t address = core->r[SP] - 4 * (uint32_t)__builtin_popcount(list);
    core->r[SP] = address;
    at->spent -= __builtin_popcount(list);
    for (; list; list &= list - 1, address += 4) {
        int i = __builtin_ctz(list);
        store(core, at, address, 4, core->r[i == 8 ? LR : i]);
    }
}

INLINE void pop(core_t *core, progress_t *at, uint32_t list) {
    uint32_t address = core->r[SP];
    at->spent -= __builtin_popcount(list);
    for (uint32_t low = list & 255; low; low &= low - 1, address += 4)
        core->r[__builtin_ctz(low)] = load(core, at, address, 4);
    if (list & 256) {
        uint32_t target = load(core, at, address, 4);
        core->r[SP] = address + 4;
        at->spent += 2;
        go(core, at, target);
    } else {
        core->r[SP] = address;
    }
}

INLINE void store_many(core_t *core, progress_t *at, uint32_t base, uint32_t list) {
    uint32_t address = core->r[base];
    at->spent -= __builtin_popcount(list);
    for (; list; list &= list - 1, address += 4) store(core, at, address, 4, core->r[__builtin_ctz(list)]);
    core->r[base] = address;
}

INLINE void load_many(core_t *core, progress_t *at, uint32_t base, uint32_t list) {
    uint32_t address = core->r[base], loads_base = list >> base & 1;
    at->spent -= __builtin_popcount(list);
    for (; list; list &= list - 1, address += 4) core->r[__builtin_ctz(list)] = load(core, at, address, 4);
    if (!loads_base) core->r[base] = address;
}

INLINE void data(core_t *core, uint32_t opcode) {
    uint32_t *d = &core->r[opcode & 7], m = core->r[opcode >> 3 & 7];
    switch (opcode >> 6 & 15) {
        case 0: *d = set_nz(core, *d & m); break;
        case 1: *d = set_nz(core, *d ^ m); break;
        case 2: *d = shift_left(core, *d, m & 255); break;
        case 3: *d = shift_right(core, *d, m & 255); break;
        case 4: *d = shift_right_signed(core, *d, m & 255); break;
        case 5: *d = add(core, *d, m, core->carry); break;
        case 6: *d = add(core, *d, ~m, core->carry); break;
        case 7: *d = rotate_right(core, *d, m & 255); break;
        case 8: set_nz(core, *d & m); break;
        case 9: *d = subtract(core, 0, m); break;
        case 10: subtract(core, *d, m); break;
        case 11: add(core, *d, m, 0); break;
        case 12: *d = set_nz(core, *d | m); break;
        case 13: *d = set_nz(core, *d * m); break;
        case 14: *d = set_nz(core, *d & ~m); break;
        case 15: *d = set_nz(core, ~m); break;
    }
}

// ADD, CMP and MOV with any two registers, and the jumps BX and BLX.
INLINE void high_registers(core_t *core, progress_t *at, uint32_t opcode) {
    uint32_t d = (opcode & 7) | (opcode >> 4 & 8), m = opcode >> 3 & 15;
    uint32_t here = at->pc + 2, value = m == PC ? here : core->r[m];
    switch (opcode >> 8 & 3) {
        case 0: value += d == PC ? here : core->r[d]; break;
        case 1: subtract(core, core->r[d], value); return;
        case 3:
            if (opcode & 128) core->r[LR] = at->pc | 1;
            at->spent++;
            go(core, at, value);
            return;
    }
    if (d == PC) {
        at->pc = value & ~1u;
        at->spent++;
    } else {
        core->r[d] = d == SP ? value & ~3u : value;
    }
}

INLINE void step(core_t *core, progress_t *at, uint32_t opcode) {
    uint32_t *d = &core->r[opcode & 7], *d8 = &core->r[opcode >> 8 & 7];
    uint32_t m = core->r[opcode >> 3 & 7], n = core->r[opcode >> 6 & 7];
    uint32_t imm5 = opcode >> 6 & 31, imm8 = opcode & 255, here = (at->pc + 2) & ~3u;
    switch (opcode >> 9) {
        case 0x00 ... 0x03: at->spent++; *d = shift_left(core, m, imm5); break;
        case 0x04 ... 0x07: at->spent++; *d = shift_right(core, m, imm5 ? imm5 : 32); break;
        case 0x08 ... 0x0b: at->spent++; *d = shift_right_signed(core, m, imm5 ? imm5 : 32); break;
        case 0x0c: at->spent++; *d = add(core, m, n, 0); break;
        case 0x0d: at->spent++; *d = subtract(core, m, n); break;
        case 0x0e: at->spent++; *d = add(core, m, imm5 & 7, 0); break;
        case 0x0f: at->spent++; *d = subtract(core, m, imm5 & 7); break;
        case 0x10 ... 0x13: at->spent++; *d8 = set_nz(core, imm8); break;
        case 0x14 ... 0x17: at->spent++; subtract(core, *d8, imm8); break;
        case 0x18 ... 0x1b: at->spent++; *d8 = add(core, *d8, imm8, 0); break;
        case 0x1c ... 0x1f: at->spent++; *d8 = subtract(core, *d8, imm8); break;
        case 0x20 ... 0x21: at->spent++; data(core, opcode); break;
        case 0x22 ... 0x23: at->spent++; high_registers(core, at, opcode); break;
        case 0x24 ... 0x27: *d8 = load(core, at, here + (imm8 << 2), 4); break;
        case 0x28: store(core, at, m + n, 4, *d); break;
        case 0x29: store(core, at, m + n, 2, *d); break;
        case 0x2a: store(core, at, m + n, 1, *d); break;
        case 0x2b: *d = (uint32_t)(int8_t)load(core, at, m + n, 1); break;
        case 0x2c: *d = load(core, at, m + n, 4); break;
        case 0x2d: *d = load(core, at, m + n, 2); break;
        case 0x2e: *d = load(core, at, m + n, 1); break;
        case 0x2f: *d = (uint32_t)(int16_t)load(core, at, m + n, 2); break;
        case 0x30 ... 0x33: store(core, at, m + (imm5 << 2), 4, *d); break;
        case 0x34 ... 0x37: *d = load(core, at, m + (imm5 << 2), 4); break;
        case 0x38 ... 0x3b: store(core, at, m + imm5, 1, *d); break;
        case 0x3c ... 0x3f: *d = load(core, at, m + imm5, 1); break;
        case 0x40 ... 0x43: store(core, at, m + (imm5 << 1), 2, *d); break;
        case 0x44 ... 0x47: *d = load(core, at, m + (imm5 << 1), 2); break;
        case 0x48 ... 0x4b: store(core, at, core->r[SP] + (imm8 << 2), 4, *d8); break;
        case 0x4c ... 0x4f: *d8 = load(core, at, core->r[SP] + (imm8 << 2), 4); break;
        case 0x50 ... 0x53: at->spent++; *d8 = here + (imm8 << 2); break;
        case 0x54 ... 0x57: at->spent++; *d8 = core->r[SP] + (imm8 << 2); break;
        case 0x5a: at->spent++; push(core, at, opcode & 511); break;
        case 0x5e: at->spent++; pop(core, at, opcode & 511); break;
        case 0x58: case 0x59: case 0x5b: case 0x5d: case 0x5f: at->spent++; miscellaneous(core, at, opcode); break;
        case 0x60 ... 0x63: at->spent++; store_many(core, at, opcode >> 8 & 7, imm8); break;
        case 0x64 ... 0x67: at->spent++; load_many(core, at, opcode >> 8 & 7, imm8); break;
        case 0x68 ... 0x6e:
            at->spent++;
            if (holds(core, opcode >> 8 & 15)) {
                at->pc += (uint32_t)((int32_t)(int8_t)imm8 * 2 + 2);
                at->spent++;
            }
            break;
        case 0x6f:
            at->spent++;
            if ((opcode >> 8 & 15) != 15) {
                stop(core, at);
                break;
            }
            core->system_pending |= 1u << SVCALL;
            core->attention = 1;
            at->left = 0;
            break;
        case 0x70 ... 0x73:
            at->spent += 2;
            at->pc += (uint32_t)((int32_t)(opcode << 21) >> 20) + 2;
            break;
        case 0x78 ... 0x7b: at->spent++; wide(core, at, opcode); break;
        default: stop(core, at);
    }
}

static void execute(core_t *core, int64_t cycles) {
    progress_t at = {core->now, core->cycle, 0, cycles, core->r[PC]};
    uint64_t count = 0;
    do {
        uint8_t *from = place(core, at.pc);
        uint16_t opcode = 0xde00;
        if (from) memcpy(&opcode, from, 2);
        at.pc += 2;
        count++;
        step(core, &at, opcode);
    } while (at.spent < at.left);
    catch_up(core, &at);
    core->instructions += count;
}

// Until the time is up, the processor waits, or one of the other reasons.
uint32_t run(core_t *core) {
    core->reason = TIME;
    while (core->reason == TIME && core->now < core->until) {
        if (core->attention) attend(core);
        if (core->waiting) return core->reason = ASLEEP;
        double left = (core->until - core->now) / core->cycle;
        execute(core, left < 1e9 ? (int64_t)left + 1 : 1000000000);
    }
    return core->reason;
}
