// Where things are, and what an access costs. What is neither memory nor listed here is asked of Python.
#include <string.h>

#include "core.h"

#define INLINE static inline __attribute__((always_inline))

#define ROM_BYTES 0x4000u
#define FLASH_START 0x10000000u
#define FLASH_BYTES 0x200000u
#define RAM_START 0x20000000u
#define RAM_BYTES 0x42000u
#define TIMER_HIGH 0x40054024u
#define TIMER_LOW 0x40054028u
#define USB_START 0x50100000u
#define USB_BYTES 0x1000u
#define SIO 0xd0000000u

// How far execute() has come. `left` becomes 0 when it has to stop after this instruction.
typedef struct {
    double began, cycle;
    int64_t spent, left;
    uint32_t pc;
} progress_t;

INLINE uint8_t *place(core_t *core, uint32_t address) {
    if (address - RAM_START < RAM_BYTES) return core->ram + (address - RAM_START);
    if (address >> 26 == FLASH_START >> 26) return core->flash + (address & (FLASH_BYTES - 1));
    if (address < ROM_BYTES) return core->rom + address;
    return 0;
}

INLINE void catch_up(core_t *core, progress_t *at) {
    core->now = at->began + (double)at->spent * at->cycle;
    core->r[PC] = at->pc;
}

// Python may have let time pass, and what it did may have to be looked at.
INLINE void call_over(core_t *core, progress_t *at) {
    at->began = core->now - (double)at->spent * at->cycle;
    at->left = 0;
}

INLINE int64_t cost(uint32_t address, int writes) {
    if (address >> 28 == SIO >> 28) return 1;
    return address >> 28 == 4 ? 4 + writes : 2;
}

static void divide(core_t *core, int with_sign) {
    uint32_t a = core->dividend, b = core->divisor;
    core->dirty = 1;
    if (b == 0) {
        core->quotient = with_sign && (int32_t)a < 0 ? 1 : 0xffffffffu;
        core->remainder = a;
    } else if (with_sign && b == 0xffffffffu) {
        core->quotient = 0u - a;
        core->remainder = 0;
    } else if (with_sign) {
        core->quotient = (uint32_t)((int32_t)a / (int32_t)b);
        core->remainder = (uint32_t)((int32_t)a % (int32_t)b);
    } else {
        core->quotient = a / b;
        core->remainder = a % b;
    }
}

// Divider and spin locks; false for the rest of the SIO.
static int sio_read(core_t *core, uint32_t offset, uint32_t *value) {
    if (offset >= 0x100 && offset < 0x180) {
        uint32_t lock = 1u << (offset >> 2 & 31);
        *value = core->locks & lock ? 0 : lock;
        core->locks |= lock;
        return 1;
    }
    switch (offset) {
        case 0x00: *value = 0; return 1;
        case 0x5c: *value = core->locks; return 1;
        case 0x60: case 0x68: *value = core->dividend; return 1;
        case 0x64: case 0x6c: *value = core->divisor; return 1;
        case 0x70: *value = core->quotient; core->dirty = 0; return 1;
        case 0x74: *value = core->remainder; return 1;
        case 0x78: *value = 1 | core->dirty << 1; return 1;
    }
    return 0;
}

static int sio_write(core_t *core, uint32_t offset, uint32_t value) {
    if (offset >= 0x100 && offset < 0x180) {
        core->locks &= ~(1u << (offset >> 2 & 31));
        return 1;
    }
    switch (offset) {
        case 0x60: case 0x68: core->dividend = value; break;
        case 0x64: case 0x6c: core->divisor = value; break;
        case 0x70: core->quotient = value; core->dirty = 1; return 1;
        case 0x74: core->remainder = value; core->dirty = 1; return 1;
        default: return 0;
    }
    divide(core, offset >= 0x68);
    return 1;
}

static uint32_t ask_outside(core_t *core, progress_t *at, uint32_t address, uint32_t size) {
    uint32_t value = 0;
    if (address >> 28 == SIO >> 28 && sio_read(core, address & 0xfff, &value))
        return size == 4 ? value : value & ((1u << 8 * size) - 1);
    if (address - USB_START < USB_BYTES) {
        memcpy(&value, core->usb + (address - USB_START), size);
        return value;
    }
    catch_up(core, at);
    if (address == TIMER_LOW || address == TIMER_HIGH) {
        uint64_t micros = (uint64_t)((core->now - core->timer_began) / 1000);
        return (uint32_t)(address == TIMER_LOW ? micros : micros >> 32);
    }
    value = core->read(address, size);
    call_over(core, at);
    return value;
}

static void tell_outside(core_t *core, progress_t *at, uint32_t address, uint32_t size, uint32_t value) {
    if (address >> 28 == SIO >> 28 && size == 4 && sio_write(core, address & 0xfff, value)) return;
    catch_up(core, at);
    core->write(address, size, value);
    call_over(core, at);
}

// What is handed on by address cannot stay in registers; so only a copy is.
INLINE uint32_t read_outside(core_t *core, progress_t *at, uint32_t address, uint32_t size) {
    progress_t copy = *at;
    uint32_t value = ask_outside(core, &copy, address, size);
    *at = copy;
    return value;
}

INLINE void write_outside(core_t *core, progress_t *at, uint32_t address, uint32_t size, uint32_t value) {
    progress_t copy = *at;
    tell_outside(core, &copy, address, size, value);
    *at = copy;
}

INLINE uint32_t load(core_t *core, progress_t *at, uint32_t address, uint32_t size) {
    uint8_t *from = place(core, address);
    uint32_t value = 0;
    at->spent += from ? 2 : cost(address, 0);
    if (!from || address & (size - 1)) return read_outside(core, at, address, size);
    memcpy(&value, from, size);
    return value;
}

// A collection begins with the first mark, and has ended when the last one is gone again.
INLINE void table_changed(core_t *core, progress_t *at, uint8_t before, uint8_t after) {
    uint8_t had = before & before >> 1 & 0x55, has = after & after >> 1 & 0x55;
    if (had == has) return;
    if (!core->marks) {
        catch_up(core, at);
        core->first_mark = core->now;
    }
    core->marks += (uint32_t)(__builtin_popcount(has) - __builtin_popcount(had));
    if (!core->marks) {
        core->reason = COLLECTED;
        at->left = 0;
    }
}

INLINE void store(core_t *core, progress_t *at, uint32_t address, uint32_t size, uint32_t value) {
    uint32_t offset = address - RAM_START;
    if (offset >= RAM_BYTES || address & (size - 1)) {
        at->spent += cost(address, 1);
        write_outside(core, at, address, size, value);
        return;
    }
    at->spent += 2;
    if (size == 1 && address - core->table < core->table_bytes)
        table_changed(core, at, core->ram[offset], (uint8_t)value);
    memcpy(core->ram + offset, &value, size);
}
