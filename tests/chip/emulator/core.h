// What core.c and core.py share: the order of the members is that of State in core.py.
#include <stdint.h>

#define REGISTERS 16
#define INTERRUPTS 32
#define HOOKS 8

enum { SP = 13, LR = 14, PC = 15 };
// Why run() came back.
enum { TIME = 0, ASLEEP = 1, HOOKED = 2, COLLECTED = 3, STRANGE = 4 };
// How the processor waits.
enum { FOR_EVENT = 1, FOR_INTERRUPT = 2 };
// Exceptions; interrupts follow them.
enum { SVCALL = 11, PENDSV = 14, SYSTICK = 15, EXCEPTIONS = 16 };

typedef struct {
    uint32_t r[REGISTERS];
    uint32_t other_sp;      // the stack pointer that is not in use
    uint32_t process_stack; // 1 while the stack in use is that of processes
    uint32_t negative;      // N is its highest bit
    uint32_t not_zero;      // Z is told by 0
    uint32_t carry;         // C: 0 or 1
    uint32_t overflow;      // V is its highest bit
    uint32_t masked;        // PRIMASK
    uint32_t exception;     // the one that runs; 0 in thread mode
    uint32_t pending;       // interrupts whose line is up
    uint32_t latched;       // interrupts that software has asked for
    uint32_t enabled;
    uint32_t priorities[INTERRUPTS];
    uint32_t system_pending; // one bit per exception
    uint32_t system_priorities[EXCEPTIONS];
    uint32_t vectors;
    uint32_t attention; // an exception may have to be entered
    uint32_t waiting;
    uint32_t event;
    // Of the SIO: divider and spin locks.
    uint32_t dividend, divisor, quotient, remainder, dirty;
    uint32_t locks;
    // Before these places run() stops when it comes there by a call or a return; odd means none.
    uint32_t hooks[HOOKS];
    uint32_t hook_filter;
    uint32_t reason;
    // The table in which MicroPython's collector marks what is in use, two bits for each block.
    uint32_t table, table_bytes, marks;
    double first_mark;
    // In nanoseconds: the time, when to stop, how long a cycle takes, when the timer began at 0.
    double now, until, cycle, timer_began;
    uint64_t instructions;
    uint8_t *rom, *ram, *flash, *usb;
    uint32_t (*read)(uint32_t address, uint32_t size);
    void (*write)(uint32_t address, uint32_t size, uint32_t value);
} core_t;

uint32_t run(core_t *core);
