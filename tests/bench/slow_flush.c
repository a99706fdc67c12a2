/* Makes every flush to the disk take so many microseconds more: FLUSH_DELAY_US in the environment,
 * or `flush_delay_us` set from within the process. Preloaded; see __init__.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

volatile long flush_delay_us = 0;

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    const char *asked = getenv("FLUSH_DELAY_US");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (asked) flush_delay_us = atol(asked);
}

static int late(int result) {
    long delay = flush_delay_us;
    int kept = errno;
    if (delay > 0) {
        struct timespec left = {delay / 1000000, delay % 1000000 * 1000};
        prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0); /* or the kernel adds 50 us of its own */
        while (nanosleep(&left, &left) == -1 && errno == EINTR) {}
    }
    errno = kept;
    return result;
}

int fsync(int file) { return late(real_fsync(file)); }
int fdatasync(int file) { return late(real_fdatasync(file)); }
